using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>One subject that <see cref="IAccountClient.CheckAsync"/> checked.</summary>
public sealed record AccountCheck
{
    /// <summary>The subject.</summary>
    /// <value>
    /// <c>host</c> (it can be reached and works), <c>path</c> (the API is at the address), <c>key</c> (it is accepted), <c>model</c> (the
    /// key may use the default model) or <c>balance</c> (there is money left).
    /// </value>
    public required string Name { get; init; }

    /// <summary>Whether nothing is wrong with the subject. What a platform does not publish is not wrong.</summary>
    public required bool IsOk { get; init; }

    /// <summary>What was seen, without secrets.</summary>
    public required string Seen { get; init; }

    /// <summary>What to do next.</summary>
    /// <value>Null if nothing has to be done.</value>
    public string? Advice { get; init; }

    /// <summary>The kind of the error behind a failed check.</summary>
    /// <value>Null if there was no error: a model that is not listed, an amount of 0.</value>
    public Sora2ErrorKind? Kind { get; init; }

    /// <summary>Returns one line: the subject, what was seen, and what to do.</summary>
    public override string ToString() =>
        $"{LogSanitizer.SingleLine(Name, 20)} {(IsOk ? "is ok" : "fails")}: {LogSanitizer.SingleLine(Seen, MaxText)}"
        + (Advice is null ? "" : $" {LogSanitizer.SingleLine(Advice, MaxText)}");

    /// <summary>The longest text that is shown; its end may be the most useful part.</summary>
    internal const int MaxText = 600;
}
