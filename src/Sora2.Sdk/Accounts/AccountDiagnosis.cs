using System.Globalization;
using Sora2.Sdk.Common;
using Sora2.Sdk.Platforms;
using Sora2.Sdk.Platforms.Responses;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Accounts;

/// <summary>Says in plain words, without secrets, what a call shows of host, path, key, model and balance.</summary>
/// <param name="context">The client.</param>
/// <param name="addresses">The base addresses, in the order in which they are tried.</param>
internal sealed class AccountDiagnosis(ClientContext context, IReadOnlyList<string> addresses)
{
    private const string Host = "host";
    private const string Path = "path";
    private const string Key = "key";
    private const string ModelName = "model";
    private const string Money = "balance";

    /// <summary>The number of models that are listed.</summary>
    private const int MaxModels = 10;

    private string Title => context.Platform.Title;

    private string TopUp => $"Top up the account, or raise the key's own budget, at {Title}.";

    /// <summary>Returns the base address that a call went to; the first one if that is not known.</summary>
    public string AddressOf(AccountProbe? probe) => LogSanitizer.SingleLine(
        addresses.FirstOrDefault(
            address => probe?.Response?.Address.AbsoluteUri.StartsWith(address + "/", StringComparison.OrdinalIgnoreCase) == true)
        ?? addresses[0]);

    /// <summary>Reports a call that got its expected response.</summary>
    public IEnumerable<AccountCheck> Success(AccountProbe probe) => [HostOk(probe), PathOk(probe), Ok(Key, $"{Title} accepts it.")];

    /// <summary>Reports a call that failed, after the checks that it shows to be passed.</summary>
    public IEnumerable<AccountCheck> Failure(AccountProbe probe)
    {
        if (probe.Response is not { } response)
        {
            return [WithoutResponse(probe)];
        }

        var isPage = BodyExcerpt.IsHtml(response.Body.Span);
        var failed = WithResponse(probe, response, isPage);
        return failed.Name switch
        {
            Host => [failed],
            Path => [HostOk(probe), failed],
            Key when isPage => [HostOk(probe), failed], // a gateway's page does not show that the API is behind it
            Key => [HostOk(probe), PathOk(probe), failed],
            _ => [.. Success(probe), failed],
        };
    }

    /// <summary>Reports whether the key may use the model of requests that name none.</summary>
    /// <param name="models">The models of the key, or null if the platform does not list them.</param>
    public AccountCheck Model(IReadOnlyList<string>? models)
    {
        var wanted = context.Options.DefaultModel ?? (context.Platform.Models is [var first, ..] ? first.Name : null);
        if (models is not { Count: > 0 } || wanted is null)
        {
            return Ok(ModelName, $"Not checked: {Title} lists no models.");
        }

        if (models.Contains(wanted, StringComparer.Ordinal))
        {
            return Ok(ModelName, $"\"{wanted}\" is among the {DisplayFormat.Count(models.Count, "model")} of the key.");
        }

        var listed = string.Join(", ", models.Take(MaxModels).Select(name => LogSanitizer.SingleLine(name, 40)));
        return Fail(
            ModelName,
            $"\"{wanted}\", the default model, is not among the {DisplayFormat.Count(models.Count, "model")} of the key: "
                + $"{listed}{(models.Count > MaxModels ? ", …" : ".")}",
            $"Set {nameof(Sora2ClientOptions)}.{nameof(Sora2ClientOptions.DefaultModel)} to one of them, name one in each request, or "
                + $"change the key's group at {Title}.");
    }

    /// <summary>Reports the balance. That it is not known is no failure.</summary>
    public AccountCheck Balance(BalanceReading reading) => reading switch
    {
        { Balance: { IsUnlimited: false, Amount: <= 0 } empty } => Fail(Money, $"Nothing is left: {empty}.", TopUp),
        { Balance: { IsKnown: true } known } => Ok(Money, $"{known}."),
        { Failed: { Response: { } response, Kind: Sora2ErrorKind.InsufficientQuota } failed } =>
            WithResponse(failed, response, isPage: false),
        { Failed: { } failed } => Ok(Money, $"Not known: {Outcome(failed)}"),
        { Balance: { } partly } => Ok(Money, $"{Title} does not say how much is left: {partly}."),
        _ => Ok(Money, $"Not known: {Title} does not publish it."),
    };

    /// <summary>Reports an adapter whose calls cannot be made.</summary>
    public AccountCheck Adapter(Exception error) => Fail(
        Path,
        $"The adapter of {Title} has no usable call: {error.GetType().Name}: {error.Message}",
        $"Correct {nameof(Sora2Platform.EncodeModelList)} and {nameof(Sora2Platform.EncodeBalance)} of the adapter.",
        error);

    /// <summary>Reports an adapter without free calls.</summary>
    public AccountCheck Nothing() => Fail(
        Host,
        $"Nothing was checked: the adapter of {Title} has no free call.",
        $"Override {nameof(Sora2Platform.EncodeModelList)} in the adapter.");

    private AccountCheck WithoutResponse(AccountProbe probe)
    {
        const string Base = $"{nameof(Sora2ClientOptions)}.{nameof(Sora2ClientOptions.BaseAddress)}";
        var error = probe.Error!;
        if (error is not Sora2Exception || probe.Kind == Sora2ErrorKind.WrongEndpoint)
        {
            return Fail(Path, $"{probe.Request.Redacted} could not be sent: {error.Message}", $"Check {Base} and the handlers.", error);
        }

        var host = string.Join(" and ", addresses.Select(address => new Uri(address).Authority));
        var cause = Innermost(error).Message;
        var (seen, advice) = probe.Kind == Sora2ErrorKind.Timeout
            ? ($"No response from {host} within {Milliseconds(probe)}.",
                $"Check the network, firewalls and proxies on the way to {host}, and {nameof(Sora2ClientOptions.QueryTimeout)}.")
            : (error.InnerException as HttpRequestException)?.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => (
                    $"The name of {host} was not found: {cause}",
                    $"Check the spelling of {Base}, and the DNS of this machine or container."),
                HttpRequestError.ConnectionError => (
                    $"No connection to {host}: {cause}",
                    $"Check host and port of {Base}, and firewalls and proxies on the way."),
                HttpRequestError.SecureConnectionError => (
                    $"TLS with {host} failed: {cause}",
                    $"Check that {Base} names the right host and a port for https, that the clock of this machine is right, and that it "
                        + "trusts the issuer of the certificate (docs/hosting.md)."),
                HttpRequestError.ProxyTunnelError => (
                    $"The proxy opened no connection to {host}: {cause}",
                    "Check the address and the credentials of the proxy (docs/hosting.md)."),
                _ => (
                    $"The call to {host} failed: {error.Message}",
                    "Retry. If it fails again, check firewalls and proxies on the way, and the handlers of the application."),
            };
        return Fail(Host, seen, advice, error);
    }

    private AccountCheck WithResponse(AccountProbe probe, ApiResponse response, bool isPage)
    {
        var (name, seen, advice) = ((int)response.StatusCode, probe.Kind) switch
        {
            (407, _) => (Host, "A proxy on the way asks for credentials", "Set them on the handler's proxy (docs/hosting.md)."),
            _ when StatusRules.IsRedirect(response) => (
                Path,
                response.Location is { } target ? $"The address redirects to {Redaction.WithoutQuery(target)}" : "The address redirects",
                "Set Sora2ClientOptions.BaseAddress to the new address if it is right. Redirects are not followed, to protect the key."),
            (_, Sora2ErrorKind.Authentication) => (
                Key,
                $"{Title} does not accept it",
                $"Check Sora2ClientOptions.ApiKey: that it is complete, a key of {Title}, and neither deleted nor expired there."),
            (_, Sora2ErrorKind.PermissionDenied) when isPage => (
                Host,
                $"The call was blocked before it reached {Title}'s API, by a firewall, a proxy or a browser check",
                $"Try another network, or have {Title} allow this address."),
            (_, Sora2ErrorKind.PermissionDenied) => (
                Key,
                $"{Title} knows it, but it lacks the permission",
                $"Check the key's group, its allowed addresses and models, and the account, at {Title}."),
            (_, Sora2ErrorKind.InsufficientQuota) => (Money, "The account, or the key's own budget, is empty", TopUp),
            (_, Sora2ErrorKind.RateLimited) => (
                Host,
                $"{Title} limits the rate of this client",
                response.RetryAfter is { } delay
                    ? $"Retry after {DisplayFormat.Duration(delay)}."
                    : "Retry later, and send fewer requests."),
            (_, Sora2ErrorKind.Saturated) => (Host, $"{Title} is busy", "Retry later."),
            (_, Sora2ErrorKind.ServerError or Sora2ErrorKind.Timeout) => (
                Host,
                $"{Title}, or a gateway in front of it, failed",
                $"Retry later. If it stays, send this report to {Title}."),
            (_, Sora2ErrorKind.WrongEndpoint) when isPage => (
                Path,
                "A web site is at this address, not the API",
                $"Set Sora2ClientOptions.BaseAddress to the address of {Title}'s API, without a further path."),
            (_, Sora2ErrorKind.WrongEndpoint) => (
                Path,
                "There is no such route at this address",
                $"Set Sora2ClientOptions.BaseAddress to the address of {Title}'s API, without a further path."),
            _ => (
                Path,
                $"The response is not the one of {Title}'s API",
                "Check Sora2ClientOptions.BaseAddress. If it is right, send this report to the SDK."),
        };
        return Fail(name, $"{seen}: {Outcome(probe)}", advice, probe.Error);
    }

    private AccountCheck HostOk(AccountProbe probe) =>
        Ok(Host, $"{probe.Response!.Address.Authority} responded in {Milliseconds(probe)}.");

    private AccountCheck PathOk(AccountProbe probe) => Ok(Path, $"{Returned(probe)}.");

    /// <summary>Returns the outcome of a failed call, with the platform's own words.</summary>
    private static string Outcome(AccountProbe probe)
    {
        if (probe.Response is not { } response)
        {
            return probe.Error!.Message;
        }

        var words = BodyExcerpt.Summarize(response.Body, response.Charset);
        return $"{Returned(probe)} in {Milliseconds(probe)}{(words.Length == 0 ? "." : $": {MessageText.EnsurePeriod(words)}")}";
    }

    private static string Returned(AccountProbe probe)
    {
        var status = (int)probe.Response!.StatusCode;
        var requestId = probe.Response.RequestId is { } id ? $" (request id {id})" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{probe.Request.Redacted} returned {status}{requestId}");
    }

    private static string Milliseconds(AccountProbe probe) =>
        string.Create(CultureInfo.InvariantCulture, $"{probe.Latency.TotalMilliseconds:0} ms");

    private static Exception Innermost(Exception error)
    {
        while (error.InnerException is { } inner)
        {
            error = inner;
        }

        return error;
    }

    private AccountCheck Ok(string name, string seen) => new() { Name = name, IsOk = true, Seen = Clean(seen) };

    private AccountCheck Fail(string name, string seen, string advice, Exception? error = null) => new()
    {
        Name = name,
        IsOk = false,
        Seen = Clean(seen),
        Advice = Clean(advice),
        Kind = error is null ? null : error is Sora2Exception e ? e.Kind : Sora2ErrorKind.Unknown,
    };

    private string Clean(string text) => LogSanitizer.SingleLine(context.Key.Redact(text), AccountCheck.MaxText);
}
