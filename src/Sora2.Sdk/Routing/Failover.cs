using Sora2.Sdk.Common;

namespace Sora2.Sdk.Routing;

/// <summary>Submits a request to the first client that accepts it.</summary>
internal static class Failover
{
    /// <summary>Tries the routes in order; the next one only after an error that is certain not to have cost anything.</summary>
    public static async Task<T> SubmitToFirstAsync<T>(IReadOnlyList<Route> routes, Func<Route, Task<T>> submit)
    {
        var refusals = new List<Sora2ApiException>();
        foreach (var route in routes)
        {
            try
            {
                return await submit(route).ConfigureAwait(false);
            }
            catch (Sora2ApiException e) when (routes.Count > 1 && MayTryNext(e))
            {
                e.NameClient(route.Client.Name);
                refusals.Add(e);
            }
            catch (Sora2Exception e)
            {
                e.NameClient(route.Client.Name);
                throw;
            }
            catch (WaitCanceledException e)
            {
                e.NameClient(route.Client.Name);
                throw;
            }
        }

        throw AllRefused(routes, refusals);
    }

    /// <summary>Returns whether a create was certainly not accepted, for a reason that another account may not have.</summary>
    /// <remarks>
    /// A refusal of the request itself is left to the caller: another platform might accept the request and charge for it.
    /// </remarks>
    private static bool MayTryNext(Sora2ApiException e) => e.MayHaveBeenCharged == false
        && e.Kind is not (Sora2ErrorKind.InvalidRequest or Sora2ErrorKind.InputModeration or Sora2ErrorKind.OutputModeration
            or Sora2ErrorKind.TaskNotFound or Sora2ErrorKind.Stopping);

    private static Sora2ApiException AllRefused(IReadOnlyList<Route> routes, List<Sora2ApiException> refusals)
    {
        // The same call may succeed later if one of the refusals is transient, so that one determines the kind of the error.
        var main = refusals.Find(refusal => refusal.IsTransient) ?? refusals[^1];
        var reasons = routes.Zip(
            refusals,
            (route, refusal) => $"{Route.GetTitle(route.Client)}: {MessageText.EnsurePeriod(refusal.Message)}");
        return new Sora2ApiException(
            main.Kind,
            $"None of {routes.Count} clients accepted the request; nothing was charged. {string.Join(' ', reasons)}",
            new AggregateException(refusals))
        {
            IsTransient = main.IsTransient,
            IsAccountBlocked = main.IsAccountBlocked,
            MayHaveBeenCharged = false,
            PlatformName = main.PlatformName,
            ClientName = main.ClientName,
            RequestId = main.RequestId,
            RequestLine = main.RequestLine,
            Attempts = refusals.Sum(refusal => refusal.Attempts),
            StatusCode = main.StatusCode,
            RetryAfter = main.RetryAfter,
            RawBody = main.RawBody,
        };
    }
}
