namespace Sora2.Sdk.Simulator;

/// <summary>One file part of a multipart request.</summary>
/// <param name="Name">The name of the part, such as <c>input_reference</c>.</param>
/// <param name="FileName">The file name that the client sent.</param>
/// <param name="ContentType">The content type of the part; null without one.</param>
/// <param name="Content">The bytes.</param>
/// <param name="Headers">The headers of the part as sent.</param>
public sealed record SimulatorFormFile(
    string Name,
    string FileName,
    string? ContentType,
    ReadOnlyMemory<byte> Content,
    IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Returns one readable line with the names, the type and the size; never the content.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Name}: {FileName} ({ContentType ?? "no type"}, {Content.Length} bytes)");
}
