namespace Sora2.Sdk.Simulator;

/// <content>What goes wrong with the connection.</content>
public sealed partial record SimulatorFault
{
    /// <summary>The request arrives, nothing is made or billed, and the connection is reset without an answer.</summary>
    public static SimulatorFault DropBeforeAccept() => new(nameof(DropBeforeAccept)) { Delivery = Delivery.Dropped };

    /// <summary>The task is made and billed, and the connection is reset without an answer.</summary>
    public static SimulatorFault DropAfterAccept() => new(nameof(DropAfterAccept)) { TakesRequest = true, Delivery = Delivery.Dropped };

    /// <summary>The task is made and billed; the answer starts and the connection is reset half way through the body.</summary>
    public static SimulatorFault ResetMidBody() =>
        new(nameof(ResetMidBody)) { TakesRequest = true, Delivery = Delivery.Cut(0.5, CutEnding.Reset) };

    /// <summary>The usual answer, late. A create is made and billed before the delay, as on a relay that answers slowly.</summary>
    /// <param name="delay">How long, by the simulator's clock; <see cref="Timeout.InfiniteTimeSpan"/> never answers.</param>
    public static SimulatorFault Delay(TimeSpan delay) =>
        new SimulatorFault(nameof(Delay)) { TakesRequest = true }.After(delay);

    /// <summary>The usual answer is cut to its first part. Works on every host; meant for the media host.</summary>
    /// <param name="fraction">The part of the body that is sent, 0 to less than 1.</param>
    /// <param name="announceLength">
    /// True: the full <c>Content-Length</c> stands in the headers and the connection closes early, so HTTP shows the cut.
    /// False: no length is announced and the transfer ends in good order, so only the file itself shows that it is not whole.
    /// </param>
    public static SimulatorFault CutBody(double fraction, bool announceLength = true)
    {
        RequireFraction(fraction, nameof(fraction));
        return new(nameof(CutBody)) { TakesRequest = true, Delivery = Delivery.Cut(fraction, announceLength ? CutEnding.Closed : CutEnding.Unannounced) };
    }

    /// <summary>The usual answer under a <c>Content-Length</c> that is not its own. Works on every host; meant for the media host.</summary>
    /// <param name="difference">
    /// In bytes. Above zero: so much more is announced than there is, and the connection closes after the body.
    /// Below zero: so much less is announced, and only that is sent, in good order.
    /// </param>
    public static SimulatorFault WrongLength(long difference)
    {
        ArgumentOutOfRangeException.ThrowIfZero(difference);
        return new(nameof(WrongLength))
        {
            TakesRequest = true,
            Rewrite = difference > 0
                ? usual => usual with { AnnouncedLength = usual.Body.Length + difference }
                : usual => usual with { Body = usual.Body.Slice(0, Math.Max(0, usual.Body.Length + difference)) },
        };
    }

    /// <summary>The headers and the first part of the usual answer, and then silence on an open connection.</summary>
    /// <param name="fraction">The part of the body that is sent, 0 to less than 1.</param>
    public static SimulatorFault Stall(double fraction = 0.5)
    {
        RequireFraction(fraction, nameof(fraction));
        return new(nameof(Stall)) { TakesRequest = true, Delivery = Delivery.Stalled(fraction) };
    }

    /// <summary>The usual answer, whole but slow: in equal pieces with a pause before each.</summary>
    /// <param name="pieces">How many pieces.</param>
    /// <param name="pause">The pause before each piece, by the simulator's clock.</param>
    public static SimulatorFault Trickle(int pieces, TimeSpan pause)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pieces, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(pause, TimeSpan.Zero);
        return new(nameof(Trickle)) { TakesRequest = true, Delivery = Delivery.Trickled(pieces, pause) };
    }
}
