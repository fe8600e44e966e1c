using System.Net.Sockets;
using System.Runtime.InteropServices;
using Sora2.Sdk.Simulator;
using Sora2.Sdk.Simulator.Cli;

if (args.Contains("--help", StringComparer.Ordinal) || args.Contains("-h", StringComparer.Ordinal))
{
    Console.WriteLine(Texts.Help);
    return 0;
}

Sora2SimulatorOptions options;
try
{
    options = CommandLine.Parse(args);
}
catch (FormatException problem)
{
    Console.Error.WriteLine($"{problem.Message}\nTry --help.");
    return 2;
}

using var stop = new CancellationTokenSource();

// Both signals end the watching below; the process then leaves by its own door, with the totals.
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    var simulator = await Sora2Simulator.StartAsync(options, stop.Token).ConfigureAwait(false);
    await using (simulator.ConfigureAwait(false))
    {
        Console.WriteLine(Texts.Banner(simulator, options));
        await WatchAsync(simulator.Ledger).ConfigureAwait(false);
        Console.WriteLine(Texts.Totals(simulator.Ledger));
    }

    return 0;
}
catch (Exception problem) when (problem is IOException or SocketException)
{
    Console.Error.WriteLine($"The simulator cannot start: {problem.Message}\nChoose other ports with --juxin-port, --zhenzhen-port and --media-port.");
    return 1;
}
catch (ArgumentOutOfRangeException problem)
{
    Console.Error.WriteLine($"{problem.Message}\nTry --help.");
    return 2;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

async Task WatchAsync(SimulatorLedger ledger)
{
    try
    {
        await foreach (var request in ledger.WatchAsync(stop.Token).ConfigureAwait(false))
        {
            Console.WriteLine(Texts.Line(request));
        }
    }
    catch (OperationCanceledException) when (stop.IsCancellationRequested)
    {
        // Ctrl+C: the way this program ends.
    }
}
