using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Sora2.Sdk.IntegrationTests.Hosting;

internal sealed class Sora2ExceptionHandler : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not Sora2Exception error)
        {
            return false;
        }

        var status = StatusOf(error, context.Request.Method);
        if (error.RetryAfter is { } delay && status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(delay.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        var problem = new ProblemDetails
        {
            Status = status,
            Title = error.Kind.ToString(),
            Detail = error.Kind == Sora2ErrorKind.InvalidRequest ? error.Message : error.Advice,
            Extensions =
            {
                ["advice"] = error.Advice,
                ["taskId"] = error.TaskId,
                ["mayHaveBeenCharged"] = error.MayHaveBeenCharged,
            },
        };
        await TypedResults.Problem(problem).ExecuteAsync(context);
        return true;
    }

    private static int StatusOf(Sora2Exception error, string method) => error.Kind switch
    {
        // HTTP clients repeat a request after 408, 429 and 5xx by themselves, and this one may have been paid for.
        _ when error.MayHaveBeenCharged != false && !HttpMethods.IsGet(method) => StatusCodes.Status409Conflict,
        Sora2ErrorKind.InvalidRequest or Sora2ErrorKind.ModelUnavailable => StatusCodes.Status400BadRequest,
        Sora2ErrorKind.InputModeration or Sora2ErrorKind.OutputModeration => StatusCodes.Status422UnprocessableEntity,
        Sora2ErrorKind.InsufficientQuota => StatusCodes.Status402PaymentRequired,
        Sora2ErrorKind.TaskNotFound => StatusCodes.Status404NotFound,
        Sora2ErrorKind.TaskFailed => StatusCodes.Status422UnprocessableEntity,
        Sora2ErrorKind.RateLimited => StatusCodes.Status429TooManyRequests,
        Sora2ErrorKind.Saturated or Sora2ErrorKind.Stopping => StatusCodes.Status503ServiceUnavailable,
        Sora2ErrorKind.Timeout or Sora2ErrorKind.WaitTimeout => StatusCodes.Status504GatewayTimeout,
        Sora2ErrorKind.Storage => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status502BadGateway, // the platform, or this server's key there: never 401 or 403, which would blame the user
    };
}
