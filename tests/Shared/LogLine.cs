using Microsoft.Extensions.Logging;

namespace Sora2.Sdk.TestSupport;

/// <summary>One line of a log, with the values behind it.</summary>
public sealed record LogLine(string Category, LogLevel Level, int Id, string Text, string Values, string? Exception);
