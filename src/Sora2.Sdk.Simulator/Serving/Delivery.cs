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

        if (!announceLength || IsBodiless(answer))
        {
            return;
        }

        response.ContentLength = answer.AnnouncedLength ?? answer.Body.Length;
        if (response.ContentLength > answer.Body.Length)
        {
            CloseEarly(response);
        }
    }

    // Completing with fewer bytes than announced makes Kestrel close the connection after what was written.
    protected static void CloseEarly(HttpResponse response) => response.Headers.Connection = "close";

    protected static async Task SendAsync(HttpContext http, Answer answer, Content part, CancellationToken cancellationToken)
    {
        var length = HttpMethods.IsHead(http.Request.Method) || IsBodiless(answer) ? 0 : part.Length;
        var writer = http.Response.BodyWriter;

        // Sends nothing yet; without it Kestrel hands out an array of its own for the first piece and copies it.
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

    private static bool IsBodiless(Answer answer) => answer.StatusCode is 204 or 205 or 304;

    private sealed record WholeDelivery : Delivery
    {
        public override async Task DeliverAsync(HttpContext http, Answer answer, TimeProvider clock, CancellationToken cancellationToken)
        {
            Open(http, answer);
            await SendAsync(http, answer, answer.Body, cancellationToken).ConfigureAwait(false);
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
                CloseEarly(http.Response);
            }

            await SendAsync(http, answer, answer.Body.First(Fraction), cancellationToken).ConfigureAwait(false);
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
            await SendAsync(http, answer, answer.Body.First(Fraction), cancellationToken).ConfigureAwait(false);
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
                var from = answer.Body.Length * piece / Pieces;
                var to = answer.Body.Length * (piece + 1) / Pieces;
                await SendAsync(http, answer, answer.Body.Slice(from, to - from), cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
