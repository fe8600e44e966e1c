namespace Sora2.Sdk.Common;

/// <summary>A stream holds more than is read of it.</summary>
internal sealed class StreamTooLongException(long limit) : IOException(FormattableString.Invariant($"More than {limit} bytes came."));
