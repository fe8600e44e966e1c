namespace Sora2.Sdk.Common;

/// <summary>A stream has more bytes than its reader allows.</summary>
internal sealed class StreamTooLongException(long limit)
    : IOException(FormattableString.Invariant($"The stream has more than {limit} bytes."));
