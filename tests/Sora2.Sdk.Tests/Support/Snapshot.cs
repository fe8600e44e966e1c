namespace Sora2.Sdk.Tests.Support;

/// <summary>
/// Compares a text with the one that was reviewed, in Verify's file convention: <c>Class.Method_parameter=value.verified.txt</c>. On a difference the new
/// text stands beside it as <c>.received.txt</c>; accept it by renaming.
/// </summary>
internal static class Snapshot
{
    public static void Verify(string received, string name, string folder)
    {
        var verifiedPath = Path.Combine(Repository.Project, folder, name + ".verified.txt");
        var receivedPath = Path.Combine(Repository.Project, folder, name + ".received.txt");
        var verified = File.Exists(verifiedPath) ? File.ReadAllText(verifiedPath) : null;
        if (verified == received)
        {
            File.Delete(receivedPath);
            return;
        }

        File.WriteAllText(receivedPath, received);
        Assert.Fail($"{name} differs from what was reviewed. Compare {receivedPath} with {verifiedPath}, and rename it if it is right.\n\n--- received ---\n{received}\n--- verified ---\n{verified ?? "(nothing)"}");
    }
}
