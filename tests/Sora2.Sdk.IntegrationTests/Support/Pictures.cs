namespace Sora2.Sdk.IntegrationTests.Support;

internal static class Pictures
{
    /// <summary>A PNG of this many bytes; what stands behind its end says nothing, but has to arrive.</summary>
    public static byte[] Png(int length)
    {
        var picture = new byte[length];
        new Random(length).NextBytes(picture);
        TinyImages.Png.CopyTo(picture, 0);
        return picture;
    }
}
