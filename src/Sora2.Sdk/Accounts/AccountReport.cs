using System.Globalization;
using System.Text;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>What <see cref="IAccountClient.CheckAsync"/> found. Its text is for a bug report: no key, no query of an address.</summary>
public sealed record AccountReport
{
    /// <summary>Whether every check passed.</summary>
    public bool IsOk => Checks.Count > 0 && Checks.All(check => check.IsOk);

    /// <summary>The checks, in the order in which they depend on each other.</summary>
    /// <value>A check that a failed one made impossible is not in the list.</value>
    public IReadOnlyList<AccountCheck> Checks { get; init; } = [];

    /// <summary>The balance, if the platform reported one.</summary>
    public Balance? Balance { get; init; }

    /// <summary>The <see cref="Sora2Platform.Name"/> of the platform.</summary>
    public string PlatformName { get; init; } = "";

    /// <summary>The <see cref="ISora2Client.Name"/> of the client; empty for the default one.</summary>
    public string ClientName { get; init; } = "";

    /// <summary>The address of the API that responded, else the first that was tried; without a query.</summary>
    public string Address { get; init; } = "";

    /// <summary>Whether a key is set.</summary>
    public bool IsKeySet { get; init; }

    /// <summary>The version of <c>Sora2.Sdk</c>.</summary>
    public string SdkVersion { get; init; } = "";

    /// <summary>The versions of .NET and of the operating system, and the processor's architecture.</summary>
    public string Runtime { get; init; } = "";

    /// <summary>When the check began.</summary>
    public DateTimeOffset CheckedAt { get; init; }

    /// <summary>Returns the report on several lines, without secrets.</summary>
    public override string ToString()
    {
        var client = ClientName.Length == 0 ? "" : $", client \"{Line(ClientName)}\"";
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"Sora2.Sdk {Line(SdkVersion)}, {Line(Runtime)}")
            .Append(CultureInfo.InvariantCulture, $"\n{Line(PlatformName)}{client}, {Line(Address)}")
            .Append(IsKeySet ? ", a key is set" : ", no key is set")
            .Append(CultureInfo.InvariantCulture, $", {CheckedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
        foreach (var check in Checks)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{(check.IsOk ? "ok  " : "FAIL")} {LogSanitizer.SingleLine(check.Name, 20)}: ")
                .Append(LogSanitizer.SingleLine(check.Seen, AccountCheck.MaxText));
            if (check.Advice is { } advice)
            {
                text.Append("\n     → ").Append(LogSanitizer.SingleLine(advice, AccountCheck.MaxText));
            }
        }

        return text.ToString();
    }

    private static string Line(string text) => LogSanitizer.SingleLine(text);
}
