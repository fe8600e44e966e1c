namespace Sora2.Sdk.Simulator;

/// <summary>One file part of a multipart request.</summary>
/// <param name="Name">The part's name, such as <c>input_reference</c>.</param>
/// <param name="FileName">The file name the client gave.</param>
/// <param name="ContentType">The part's content type, when it has one.</param>
/// <param name="Content">The bytes.</param>
/// <param name="Headers">The part's header lines as they were sent.</param>
public sealed record SimulatorFormFile(
    string Name,
    string FileName,
    string? ContentType,
    ReadOnlyMemory<byte> Content,
    IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>One readable line: the names, the type and the size; never the content.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name}: {FileName} ({ContentType ?? "no type"}, {Content.Length} bytes)");
}
