using System.Security.Cryptography;

namespace Sora2.Sdk.Simulator.Tasks;

/// <summary>Generates random ids in the formats of captured ids.</summary>
internal static class OpaqueId
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz";
    private const string Crockford = "0123456789abcdefghjkmnpqrstvwxyz";

    public static string JuxinVideo() => $"video_{Guid.NewGuid():D}";

    public static string JuxinNative() => $"sora-2:task_01{RandomNumberGenerator.GetString(Crockford, 24)}";

    public static string Zhenzhen() => Guid.NewGuid().ToString("D");

    public static string Character() => $"ch_{Guid.NewGuid():N}";

    public static string Username() => $"{RandomNumberGenerator.GetString(Letters, 9)}.{RandomNumberGenerator.GetString(Letters, 10)}";

    public static string MediaName() => Guid.NewGuid().ToString("N");
}
