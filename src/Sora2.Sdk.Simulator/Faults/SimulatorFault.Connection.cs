using Sora2.Sdk.Simulator.Serving;

namespace Sora2.Sdk.Simulator;

/// <content>Faults of the connection.</content>
public sealed partial record SimulatorFault
{
    /// <summary>Resets the connection without a response. Nothing is created or billed.</summary>
    public static SimulatorFault DropBeforeAccept() => new(nameof(DropBeforeAccept)) { Delivery = ResponseDelivery.Dropped };

    /// <summary>Creates and bills the task, then resets the connection without a response.</summary>
    public static SimulatorFault DropAfterAccept() =>
        new(nameof(DropAfterAccept)) { ProcessesRequest = true, Delivery = ResponseDelivery.Dropped };

    /// <summary>Creates and bills the task, then resets the connection half way through the response body.</summary>
    public static SimulatorFault ResetMidBody() =>
        new(nameof(ResetMidBody)) { ProcessesRequest = true, Delivery = ResponseDelivery.Truncated(0.5, TruncationEnding.Reset) };

    /// <summary>Delays the usual response. A create makes the task and is billed before the delay, as on a slow relay.</summary>
    /// <param name="delay">The delay, by the simulator's clock; <see cref="Timeout.InfiniteTimeSpan"/> never responds.</param>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative and not <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    public static SimulatorFault Delay(TimeSpan delay) =>
        new SimulatorFault(nameof(Delay)) { ProcessesRequest = true }.After(delay);

    /// <summary>Sends only the first part of the usual response body.</summary>
    /// <param name="fraction">The fraction of the body to send, 0 to less than 1.</param>
    /// <param name="announceLength">
    /// <see langword="true"/>: the headers announce the full <c>Content-Length</c> and the connection closes early, so HTTP reports the
    /// truncation. <see langword="false"/>: no length is announced and the transfer ends in good order, so only the file itself shows
    /// that it is incomplete.
    /// </param>
    /// <remarks>Works on every host; meant for the media host.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of range.</exception>
    public static SimulatorFault CutBody(double fraction, bool announceLength = true)
    {
        RequireFraction(fraction, nameof(fraction));
        var ending = announceLength ? TruncationEnding.Closed : TruncationEnding.Unannounced;
        return new(nameof(CutBody)) { ProcessesRequest = true, Delivery = ResponseDelivery.Truncated(fraction, ending) };
    }

    /// <summary>Sends the usual response with a <c>Content-Length</c> that differs from the body's length.</summary>
    /// <param name="difference">
    /// The difference in bytes, not 0. Positive: the headers announce that many bytes more, and the connection closes after the body.
    /// Negative: the headers announce that many bytes fewer, and only those are sent, in good order.
    /// </param>
    /// <remarks>Works on every host; meant for the media host.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The difference is 0.</exception>
    public static SimulatorFault WrongLength(long difference)
    {
        ArgumentOutOfRangeException.ThrowIfZero(difference);
        return new(nameof(WrongLength))
        {
            ProcessesRequest = true,
            Transform = difference > 0
                ? usual => usual with { AnnouncedLength = usual.Body.Length + difference }
                : usual => usual with { Body = usual.Body.Slice(0, Math.Max(0, usual.Body.Length + difference)) },
        };
    }

    /// <summary>Sends the headers and the first part of the usual response, then nothing more on the open connection.</summary>
    /// <param name="fraction">The fraction of the body to send, 0 to less than 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of range.</exception>
    public static SimulatorFault Stall(double fraction = 0.5)
    {
        RequireFraction(fraction, nameof(fraction));
        return new(nameof(Stall)) { ProcessesRequest = true, Delivery = ResponseDelivery.Stalled(fraction) };
    }

    /// <summary>Sends the complete usual response slowly, in equal pieces with a delay before each.</summary>
    /// <param name="pieces">The number of pieces, at least 1.</param>
    /// <param name="delay">The delay before each piece, by the simulator's clock.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of pieces is less than 1, or the delay is negative.</exception>
    public static SimulatorFault Trickle(int pieces, TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pieces, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return new(nameof(Trickle)) { ProcessesRequest = true, Delivery = ResponseDelivery.Trickled(pieces, delay) };
    }
}
