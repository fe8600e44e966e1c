using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Sora2.Sdk.Simulator;

/// <summary>How an answer goes over the connection.</summary>
internal abstract record Delivery
{
    public static readonly Delivery Whole = new WholeDelivery();

    public static readonly Delivery Dropped = new DroppedDelivery();

    public static Delivery Cut(double fraction, CutEnding ending) => new CutDelivery(fraction, ending);

    public static Delivery Stalled(double fraction) => new StalledDelivery(fraction);

    public static Delivery Trickled(int pieces, TimeSpan pause) => new TrickledDelivery(pieces, pause);

    /// <summary>Whether the client gets to see a status line.</summary>
    public virtual bool IsSeen => true;

    public abstract Task DeliverAsync(HttpContext http, Answer answer, TimeProvider clock, CancellationToken cancellationToken);

    /// <summary>Status line and headers; the content length is announced for all of the body unless <paramref name="announceLength"/> is off.</summary>
    protected static void Open(HttpContext http, Answer answer, bool announceLength = true)
    {
        var response = http.Response;
        response.StatusCode = answer.StatusCode;
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers.Append(name, value);
        }

        if (answer.ContentType is not null)
        {
            response.ContentType = answer.ContentType;
        }

        if (announceLength && !IsBodiless(answer))
        {
            response.ContentLength = answer.Body.Length;
        }
    }

    private static bool IsBodiless(Answer answer) => answer.StatusCode is 204 or 205 or 304;

    protected static async Task SendAsync(HttpContext http, ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
    {
        await http.Response.Body.WriteAsync(part, cancellationToken).ConfigureAwait(false);
        await http.Response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private sealed record WholeDelivery : Delivery
    {
        // In one piece a large video would be copied whole into Kestrel's buffers first.
        private const int PieceBytes = 128 * 1024;

        public override async Task DeliverAsync(HttpContext http, Answer answer, TimeProvider clock, CancellationToken cancellationToken)
        {
            Open(http, answer);
            if (!HttpMethods.IsHead(http.Request.Method) && !IsBodiless(answer))
            {
                for (var rest = answer.Body; !rest.IsEmpty; rest = rest[Math.Min(PieceBytes, rest.Length)..])
                {
                    await http.Response.Body.WriteAsync(rest[..Math.Min(PieceBytes, rest.Length)], cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>The connection is reset and nothing is answered.</summary>
    private sealed record DroppedDelivery : Delivery
    {
        public override bool IsSeen => false;

        public override Task DeliverAsync(HttpContext http, Answer answer, TimeProvider clock, CancellationToken cancellationToken)
        {
            http.Abort();
            return Task.CompletedTask;
        }
    }

    /// <summary>Only the first part of the body is sent; then the connection ends.</summary>
    private sealed record CutDelivery(double Fraction, CutEnding Ending) : Delivery
    {
        public override async Task DeliverAsync(HttpContext http, Answer answer, TimeProvider clock, CancellationToken cancellationToken)
        {
            Open(http, answer, announceLength: Ending != CutEnding.Unannounced);
            if (Ending == CutEnding.Closed)
            {
                // Completing with fewer bytes than announced makes Kestrel close the connection after what was written.
                http.Response.Headers.Connection = "close";
            }

            await SendAsync(http, answer.Body[..(int)(answer.Body.Length * Fraction)], cancellationToken).ConfigureAwait(false);
            if (Ending == CutEnding.Reset)
            {
                http.Abort();
            }
        }
    }

    /// <summary>The first part of the body, then silence until the client or the simulator gives up.</summary>
    private sealed record StalledDelivery(double Fraction) : Delivery
    {
        public override async Task DeliverAsync(HttpContext http, Answer answer, TimeProvider clock, CancellationToken cancellationToken)
        {
            Open(http, answer);
            await SendAsync(http, answer.Body[..(int)(answer.Body.Length * Fraction)], cancellationToken).ConfigureAwait(false);
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The whole body in equal pieces with a pause before each.</summary>
    private sealed record TrickledDelivery(int Pieces, TimeSpan Pause) : Delivery
    {
        public override async Task DeliverAsync(HttpContext http, Answer answer, TimeProvider clock, CancellationToken cancellationToken)
        {
            http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            Open(http, answer);
            await http.Response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
            for (var piece = 0; piece < Pieces; piece++)
            {
                await Task.Delay(Pause, clock, cancellationToken).ConfigureAwait(false);
                var from = (int)((long)answer.Body.Length * piece / Pieces);
                var to = (int)((long)answer.Body.Length * (piece + 1) / Pieces);
                await SendAsync(http, answer.Body[from..to], cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
