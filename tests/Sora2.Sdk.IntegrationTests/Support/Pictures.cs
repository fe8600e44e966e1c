namespace Sora2.Sdk.IntegrationTests.Support;

internal static class Pictures
{
    /// <summary>Returns a PNG with random bytes behind its end, to a total length.</summary>
    public static byte[] Png(int length)
    {
        var picture = new byte[length];
        new Random(length).NextBytes(picture);
        TinyImages.Png.CopyTo(picture, 0);
        return picture;
    }
}
