using System.Runtime.InteropServices;
using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;
using Sora2.Sdk.Platforms;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Accounts;

/// <summary>Makes the calls of a check and reports what they show. Used once.</summary>
internal sealed class AccountChecker(ClientContext context, ApiClient api)
{
    private readonly AccountDiagnosis _diagnosis = new(context, api.Addresses);
    private readonly DateTimeOffset _begin = context.Clock.GetUtcNow();

    public async Task<AccountReport> RunAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ApiRequest? listCall;
        IReadOnlyList<ApiRequest> balanceCalls;
        try
        {
            (listCall, balanceCalls) = (FreeCalls.ModelList(context.Platform), FreeCalls.Balance(context.Platform));
        }
        catch (Exception e) // A user's own adapter may throw anything.
        {
            return Report([_diagnosis.Adapter(e)]);
        }

        IReadOnlyList<string>? models = null;
        AccountProbe? list = null;
        if (listCall is not null)
        {
            (models, list) = await ProbeAsync(listCall, context.Platform.DecodeModelList, cancellationToken).ConfigureAwait(false);
            if (list is { Error: not null, IsRouteMissing: false })
            {
                return Report(_diagnosis.Failure(list), list);
            }
        }

        // A missing list may mean a wrong address, or a platform without that route: the balance calls distinguish the two.
        var reading = await ReadBalanceAsync(balanceCalls, cancellationToken).ConfigureAwait(false);
        if ((list is { Error: null } ? list : reading.Proof) is { } proof)
        {
            var checks = _diagnosis.Success(proof).Append(_diagnosis.Model(models)).Append(_diagnosis.Balance(reading));
            return Report(checks, proof, reading.Balance);
        }

        return (reading.Failed ?? list ?? reading.Last) is { } failed
            ? Report(_diagnosis.Failure(failed), failed)
            : Report([_diagnosis.Nothing()]);
    }

    private async Task<BalanceReading> ReadBalanceAsync(IReadOnlyList<ApiRequest> calls, CancellationToken cancellationToken)
    {
        var reading = default(BalanceReading);
        foreach (var call in calls)
        {
            var (read, probe) = await ProbeAsync(call, context.Platform.DecodeBalance, cancellationToken).ConfigureAwait(false);
            reading = new(BalanceMerge.Add(reading.Balance, read), probe.Error is null ? probe : reading.Proof, probe);
            if (reading.Failed is not null || reading.Balance is { IsKnown: true })
            {
                break;
            }
        }

        return reading;
    }

    /// <summary>Makes one call; a failure is part of the result.</summary>
    private async Task<(T? Value, AccountProbe Probe)> ProbeAsync<T>(
        ApiRequest request, Func<ApiResponse, T> decode, CancellationToken cancellationToken)
        where T : class
    {
        ApiResponse? response = null;
        T? value = null;
        Exception? error = null;
        var start = context.Clock.GetTimestamp();
        try
        {
            value = await api.ProbeAsync(request, Decode, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or ObjectDisposedException))
        {
            error = e;
        }

        return (value, new AccountProbe(request, response, error, context.Clock.GetElapsedTime(start)));

        T Decode(ApiResponse received)
        {
            response = received;
            return decode(received);
        }
    }

    private AccountReport Report(IEnumerable<AccountCheck> checks, AccountProbe? probe = null, Balance? balance = null) => new()
    {
        Checks = [.. checks],
        Balance = balance,
        PlatformName = LogSanitizer.SingleLine(context.Platform.Name),
        ClientName = LogSanitizer.SingleLine(context.Name),
        Address = _diagnosis.AddressOf(probe),
        IsKeySet = context.Key.Authorization.Parameter?.Length > 0,
        SdkVersion = Telemetry.Version,
        Runtime = LogSanitizer.SingleLine(
            $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}"),
        CheckedAt = _begin,
    };
}
