using System.Buffers.Binary;
using System.Text;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>Makes the boxes that MP4 files consist of.</summary>
internal static class Boxes
{
    /// <summary>Makes a box of random bytes, the same ones for each length.</summary>
    /// <param name="type">Its four letters.</param>
    /// <param name="content">How many bytes are in it.</param>
    /// <param name="size">The size in its header; null for the correct one, 0 for a box that extends to the end.</param>
    public static byte[] Box(string type, int content, int? size = null)
    {
        var box = new byte[8 + content];
        new Random(content).NextBytes(box);
        BinaryPrimitives.WriteInt32BigEndian(box, size ?? box.Length);
        Encoding.ASCII.GetBytes(type, box.AsSpan(4));
        return box;
    }
}
