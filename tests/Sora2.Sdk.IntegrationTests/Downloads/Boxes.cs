using System.Buffers.Binary;
using System.Text;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>The boxes that MP4 files are made of.</summary>
internal static class Boxes
{
    /// <summary>A box with random bytes in it, the same ones for each length.</summary>
    /// <param name="type">Its four letters.</param>
    /// <param name="content">How many bytes are in it.</param>
    /// <param name="size">The size that it says it has; its own if null, 0 for one that goes to the end.</param>
    public static byte[] Box(string type, int content, int? size = null)
    {
        var box = new byte[8 + content];
        new Random(content).NextBytes(box);
        BinaryPrimitives.WriteInt32BigEndian(box, size ?? box.Length);
        Encoding.ASCII.GetBytes(type, box.AsSpan(4));
        return box;
    }
}
