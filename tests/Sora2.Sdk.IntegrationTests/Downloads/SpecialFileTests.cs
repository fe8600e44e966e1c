using System.Net.Sockets;
using Sora2.Sdk.IntegrationTests.Support;
using static Sora2.Sdk.IntegrationTests.Downloads.Boxes;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>Pipes, devices, sockets and links are neither replaced nor written through.</summary>
public sealed class SpecialFileTests : DownloadTest
{
    private const string OnlyOnUnix = "Only Unix lets every user create pipes, sockets and links.";

    private static readonly byte[] Video = [.. Box("ftyp", 20), .. Box("moov", 192), .. Box("mdat", 300_000)];

    [Theory]
    [InlineData("a pipe")]
    [InlineData("a socket")]
    [InlineData("a device")]
    [InlineData("a link to a device")]
    [InlineData("a link to a file")]
    [InlineData("a link to nowhere")]
    public async Task Target_that_is_not_a_file_is_refused_before_any_request(string what)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), OnlyOnUnix);
        var victim = Path.Combine(Folder, "victim");
        await File.WriteAllTextAsync(victim, "precious", Token);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var target = what == "a device" ? "/dev/null" : Path.Combine(Folder, what == "a pipe" ? "pipe" : "v.mp4");
        switch (what)
        {
            case "a pipe":
                UnixFiles.MakePipe(target);
                break;
            case "a socket":
                socket.Bind(new UnixDomainSocketEndPoint(target));
                break;
            case "a link to a device":
                File.CreateSymbolicLink(target, "/dev/null");
                break;
            case "a link to a file":
                File.CreateSymbolicLink(target, victim);
                break;
            case "a link to nowhere":
                File.CreateSymbolicLink(target, Path.Combine(Folder, "nowhere"));
                break;
        }

        var before = Directory.GetFileSystemEntries(Folder).Order().ToList();
        using var server = CompleteVideo();

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => DownloadAsync(server, target));

        Assert.Contains($"is {what.Split(" to ")[0]}", error.Message, StringComparison.Ordinal);
        Assert.Equal("t", error.TaskId);
        Assert.Empty(server.Requests);
        Assert.Equal(before, Directory.GetFileSystemEntries(Folder).Order());
        Assert.Equal("precious", await File.ReadAllTextAsync(victim, Token));
    }

    [Theory]
    [InlineData(".partial", true)]
    [InlineData(".partial", false)]
    [InlineData(".partial.json", true)]
    [InlineData(".partial.json", false)]
    [InlineData(".partial.lock", true)]
    [InlineData(".partial.lock", false)]
    public async Task Link_in_place_of_the_partial_file_its_record_or_its_lock_is_not_followed(string suffix, bool leadsSomewhere)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), OnlyOnUnix);
        var victim = Path.Combine(Path.GetTempPath(), "sora2-" + Guid.NewGuid().ToString("N"));
        if (leadsSomewhere)
        {
            await File.WriteAllTextAsync(victim, "precious", Token);
        }

        File.CreateSymbolicLink(Target + suffix, victim);
        using var server = CompleteVideo();
        try
        {
            var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(server, Target));

            Assert.Contains($"{suffix}\" is a link", error.Message, StringComparison.Ordinal);
            Assert.Empty(server.Requests);
            Assert.Equal(leadsSomewhere ? "precious" : null, File.Exists(victim) ? await File.ReadAllTextAsync(victim, Token) : null);
            Assert.Equal(victim, new FileInfo(Target + suffix).LinkTarget);
            Assert.False(File.Exists(Target));
        }
        finally
        {
            File.Delete(victim);
        }
    }

    [Fact]
    public async Task Hard_link_to_a_replaced_file_keeps_its_content()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), OnlyOnUnix);
        string[] others = [Path.Combine(Folder, "one"), Path.Combine(Folder, "two")];
        foreach (var (other, name) in others.Zip([Target, Target + ".partial"]))
        {
            await File.WriteAllTextAsync(other, "precious", Token);
            UnixFiles.MakeHardLink(other, name);
        }

        using var server = CompleteVideo();

        await DownloadAsync(server, Target);

        Assert.Equal(Video, await File.ReadAllBytesAsync(Target, Token));
        Assert.All(others, other => Assert.Equal("precious", File.ReadAllText(other)));
    }

    [Fact]
    public async Task Link_to_a_directory_is_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), OnlyOnUnix);
        var link = Path.Combine(Folder, "link");
        Directory.CreateDirectory(Path.Combine(Folder, "real"));
        Directory.CreateSymbolicLink(link, Path.Combine(Folder, "real"));
        using var server = CompleteVideo();

        Assert.Equal(Path.Combine(link, "my.mp4"), (await DownloadAsync(server, Path.Combine(link, "my.mp4"))).Path);
    }

    [Fact]
    public async Task Path_is_a_file_and_a_directory_is_refused()
    {
        var file = Path.Combine(Folder, "new", "file");
        using var server = CompleteVideo();

        Assert.Equal(file, (await DownloadAsync(server, file)).Path);
        foreach (var directory in (string[])[Folder, Path.Combine(Folder, "other") + Path.DirectorySeparatorChar])
        {
            var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => DownloadAsync(server, directory));
            Assert.Contains("DownloadToDirectoryAsync", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Path_with_a_nul_character_is_refused_with_the_task_id()
    {
        using var server = CompleteVideo();

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => DownloadAsync(server, Path.Combine(Folder, "a\0b.mp4")));

        Assert.Equal("t", error.TaskId);
        Assert.Contains("NUL", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    private static OddServer CompleteVideo() =>
        new(OddServer.Response($"200 OK\nContent-Type: video/mp4\nETag: \"a\"\nContent-Length: {Video.Length}", Video));
}
