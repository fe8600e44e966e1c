using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sora2.Sdk.Simulator.Media;
using Sora2.Sdk.Simulator.Relays;

namespace Sora2.Sdk.Simulator.Tasks;

/// <summary>Creates and verifies links to media. Links to the media host have a signature in the query and expire.</summary>
internal sealed class MediaLinks(Sora2SimulatorOptions options)
{
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    /// <summary>The addresses of the hosts, by name.</summary>
    public IReadOnlyDictionary<string, Uri> BaseAddresses { get; set; } = new Dictionary<string, Uri>(StringComparer.Ordinal);

    public string VideoOf(SimulatedTask task) =>
        options.VideoLinkKind == VideoLinkKind.MediaHost
            ? SignedVideoOf(task)
            : $"{BaseAddresses[task.Platform]}{VideosPath.ContentOf(task)}";

    public string SignedVideoOf(SimulatedTask task) => Sign($"videos/{task.MediaName}.mp4");

    public string ThumbnailOf(SimulatedTask task) => Sign($"thumbnails/{task.MediaName}.jpg");

    public string PictureOf(SimulatedCharacter character) => Sign($"profiles/{character.MediaName}.jpg");

    public string FileOf(UploadedFile file) => Sign($"files/{file.MediaName}");

    public bool IsSigned(string path, string expires, string signature) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Signature(path, expires)), Encoding.UTF8.GetBytes(signature));

    public bool IsFresh(string expires) =>
        long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && options.TimeProvider.GetUtcNow().ToUnixTimeSeconds() <= seconds;

    private string Sign(string path)
    {
        var expires = (options.TimeProvider.GetUtcNow() + options.LinkLifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"{BaseAddresses[MediaHost.HostName]}{path}?se={expires}&sig={Signature(path, expires)}";
    }

    private string Signature(string path, string expires) =>
        Convert.ToHexString(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{path}\n{expires}")));
}
