using Sora2.Sdk.Images;

namespace Sora2.Sdk.Submissions;

/// <summary>A request as a record keeps it, or why it does not.</summary>
/// <param name="Request">The request, if all of it survives the process.</param>
/// <param name="NotKept">Why not.</param>
internal readonly record struct KeptRequest(GenerationRequest? Request, string? NotKept)
{
    /// <summary>The most that images may add to a record, in bytes.</summary>
    private const int MaxImageBytes = 24 * 1024 * 1024;

    /// <summary>Returns what is kept of a request.</summary>
    public static KeptRequest Of(GenerationRequest request, bool keepsImages)
    {
        var bytes = request.SentImages.Sum(image => image switch
        {
            BytesImage memory => memory.Bytes.Length,
            DataUriImage data => (long)data.Length,
            _ => 0,
        });
        return request.SentImages.Any(image => image is StreamImage)
                ? new(null, "An image is a stream, which can be read only by the process that has it.")
            : !keepsImages && request.SentImages.Any(image => image is BytesImage)
                ? new(
                    null,
                    "An image is in memory, and the store keeps no images. Pass it as a file or address, or set "
                    + $"{nameof(ITaskStore.KeepsImages)}.")
            : bytes > MaxImageBytes
                ? new(null, FormattableString.Invariant(
                    $"Its images have {bytes} bytes, and a record keeps at most {MaxImageBytes}. Pass them as files."))
            : new(request, null);
    }
}
