namespace Sora2.Sdk;

/// <summary>A stream holds more than is read of it.</summary>
internal sealed class TooLongException(long limit) : IOException(FormattableString.Invariant($"More than {limit} bytes came."));
