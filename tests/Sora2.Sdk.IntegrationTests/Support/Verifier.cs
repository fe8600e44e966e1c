// Replaces the package Verify.XunitV3, which does not restore (NU1101: Unable to find package). The call shape, the file names and
// the comparison are Verify's own, so that moving over is one PackageReference and deleting this file. The package brings the same global
// using.
global using static VerifyXunit.Verifier;
using System.Runtime.CompilerServices;
using Xunit.v3;

namespace VerifyXunit;

/// <summary>
/// Compares a text with the reviewed one in <c>Class.Method_parameter=value.verified.txt</c> beside the test's source file.
/// </summary>
public static class Verifier
{
    /// <summary>
    /// Compares when it is awaited. On a difference the new text is written to a <c>.received.txt</c> beside the reviewed one.
    /// </summary>
    public static SettingsTask Verify(string target, [CallerFilePath] string sourceFile = "") => new(target, sourceFile);

    /// <summary>A comparison that can still be set up.</summary>
    public sealed class SettingsTask(string target, string sourceFile)
    {
        private object?[] _parameters = [];

        /// <summary>The test's arguments, which become part of the file name.</summary>
        public SettingsTask UseParameters(params object?[] parameters)
        {
            _parameters = parameters;
            return this;
        }

        public TaskAwaiter GetAwaiter() => CompareAsync().GetAwaiter();

        private async Task CompareAsync()
        {
            var test = (IXunitTestMethod)TestContext.Current.TestMethod!;
            var path = Path.Combine(DirectoryOf(sourceFile), NameOf(test, _parameters));
            var (verifiedPath, receivedPath) = (path + ".verified.txt", path + ".received.txt");
            var received = WithLineFeeds(target);
            var verified = File.Exists(verifiedPath) ? WithLineFeeds(await File.ReadAllTextAsync(verifiedPath)) : null;
            if (verified == received || verified == received + "\n") // an editor may have ended the last line
            {
                File.Delete(receivedPath);
                return;
            }

            await File.WriteAllTextAsync(receivedPath, received);
            var difference = verified is null ? "is missing" : "differs";
            Assert.Fail($"{verifiedPath} {difference}. If {receivedPath} is right, rename it to that.\n\n"
                + $"Received:\n{received}\n\nVerified:\n{verified ?? "(no file)"}");
        }
    }

    private static string NameOf(IXunitTestMethod test, object?[] arguments)
    {
        var parameters = test.Method.GetParameters();
        if (arguments.Length != parameters.Length)
        {
            throw new ArgumentException(
                $"{test.Method.Name} takes {parameters.Length} arguments, but UseParameters was given {arguments.Length}.",
                nameof(arguments));
        }

        var suffix = string.Concat(parameters.Zip(
            arguments,
            (parameter, value) => FormattableString.Invariant($"_{parameter.Name}={value ?? "null"}")));
        return $"{test.Method.ReflectedType!.Name}.{test.Method.Name}{suffix}";
    }

    /// <summary>CI maps source paths to <c>/_/tests/…</c>, so only what follows the project's folder is taken from the path.</summary>
    private static string DirectoryOf(string sourceFile)
    {
        var path = sourceFile.Replace('\\', '/');
        var project = $"/{Path.GetFileName(Repository.Project)}/";
        var inProject = path[(path.LastIndexOf(project, StringComparison.Ordinal) + project.Length)..];
        return Path.Combine(Repository.Project, Path.GetDirectoryName(inProject)!);
    }

    private static string WithLineFeeds(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
}
