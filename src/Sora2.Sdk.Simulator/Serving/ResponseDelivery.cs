using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Sora2.Sdk.Simulator.Serving;

/// <summary>How a response is sent over the connection.</summary>
internal abstract record ResponseDelivery
{
    public static readonly ResponseDelivery Complete = new CompleteDelivery();

    public static readonly ResponseDelivery Dropped = new DroppedDelivery();

    public static ResponseDelivery Truncated(double fraction, TruncationEnding ending) => new TruncatedDelivery(fraction, ending);

    public static ResponseDelivery Stalled(double fraction) => new StalledDelivery(fraction);

    public static ResponseDelivery Trickled(int pieces, TimeSpan delay) => new TrickledDelivery(pieces, delay);

    /// <summary>Whether the client receives a status line.</summary>
    public virtual bool SendsStatus => true;

    public abstract Task DeliverAsync(
        HttpContext http,
        SimulatedResponse response,
        TimeProvider clock,
        CancellationToken cancellationToken);

    /// <summary>Sets the status line and the headers.</summary>
    /// <param name="http">The HTTP exchange.</param>
    /// <param name="response">The response.</param>
    /// <param name="announceLength">Whether <c>Content-Length</c> announces the length of the complete body.</param>
    protected static void SetHead(HttpContext http, SimulatedResponse response, bool announceLength = true)
    {
        var target = http.Response;
        target.StatusCode = response.StatusCode;
        foreach (var (name, value) in response.Headers)
        {
            target.Headers.Append(name, value);
        }

        if (response.ContentType is not null)
        {
            target.ContentType = response.ContentType;
        }

        if (!announceLength || HasNoBody(response))
        {
            return;
        }

        target.ContentLength = response.AnnouncedLength ?? response.Body.Length;
        if (target.ContentLength > response.Body.Length)
        {
            CloseEarly(target);
        }
    }

    // When a response completes with fewer bytes than announced, Kestrel closes the connection after the bytes that were written.
    protected static void CloseEarly(HttpResponse target) => target.Headers.Connection = "close";

    protected static async Task SendAsync(HttpContext http, SimulatedResponse response, Content part, CancellationToken cancellationToken)
    {
        var length = HttpMethods.IsHead(http.Request.Method) || HasNoBody(response) ? 0 : part.Length;
        var writer = http.Response.BodyWriter;

        // Sends nothing yet; without this call Kestrel allocates an array for the first piece and copies it.
        await http.Response.StartAsync(cancellationToken).ConfigureAwait(false);
        long at = 0;
        do
        {
            var piece = (int)Math.Min(Content.PieceBytes, length - at);
            part.CopyTo(at, writer.GetSpan(piece)[..piece]);
            writer.Advance(piece);
            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            at += piece;
        }
        while (at < length);
    }

    private static bool HasNoBody(SimulatedResponse response) => response.StatusCode is 204 or 205 or 304;

    private sealed record CompleteDelivery : ResponseDelivery
    {
        public override async Task DeliverAsync(
            HttpContext http,
            SimulatedResponse response,
            TimeProvider clock,
            CancellationToken cancellationToken)
        {
            SetHead(http, response);
            await SendAsync(http, response, response.Body, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Resets the connection without a response.</summary>
    private sealed record DroppedDelivery : ResponseDelivery
    {
        public override bool SendsStatus => false;

        public override Task DeliverAsync(
            HttpContext http,
            SimulatedResponse response,
            TimeProvider clock,
            CancellationToken cancellationToken)
        {
            http.Abort();
            return Task.CompletedTask;
        }
    }

    /// <summary>Sends only the first part of the body, then ends the connection.</summary>
    private sealed record TruncatedDelivery(double Fraction, TruncationEnding Ending) : ResponseDelivery
    {
        public override async Task DeliverAsync(
            HttpContext http,
            SimulatedResponse response,
            TimeProvider clock,
            CancellationToken cancellationToken)
        {
            SetHead(http, response, announceLength: Ending != TruncationEnding.Unannounced);
            if (Ending == TruncationEnding.Closed)
            {
                CloseEarly(http.Response);
            }

            await SendAsync(http, response, response.Body.First(Fraction), cancellationToken).ConfigureAwait(false);
            if (Ending == TruncationEnding.Reset)
            {
                http.Abort();
            }
        }
    }

    /// <summary>Sends the first part of the body, then nothing until the client disconnects or the simulator stops.</summary>
    private sealed record StalledDelivery(double Fraction) : ResponseDelivery
    {
        public override async Task DeliverAsync(
            HttpContext http,
            SimulatedResponse response,
            TimeProvider clock,
            CancellationToken cancellationToken)
        {
            SetHead(http, response);
            await SendAsync(http, response, response.Body.First(Fraction), cancellationToken).ConfigureAwait(false);
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends the complete body in equal pieces with a delay before each.</summary>
    private sealed record TrickledDelivery(int Pieces, TimeSpan Delay) : ResponseDelivery
    {
        public override async Task DeliverAsync(
            HttpContext http,
            SimulatedResponse response,
            TimeProvider clock,
            CancellationToken cancellationToken)
        {
            http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            SetHead(http, response);
            await http.Response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
            for (var piece = 0; piece < Pieces; piece++)
            {
                await Task.Delay(Delay, clock, cancellationToken).ConfigureAwait(false);
                var from = response.Body.Length * piece / Pieces;
                var to = response.Body.Length * (piece + 1) / Pieces;
                await SendAsync(http, response, response.Body.Slice(from, to - from), cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
