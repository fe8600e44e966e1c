using System.CommandLine;
using System.CommandLine.Invocation;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Sora2.Sdk.Simulator;
using Sora2.Sdk.Simulator.Cli;

const int PortInUse = 1;
const int InvalidOption = 2;

var command = SimulatorCommand.Parse(args, RunAsync);
if (command.Action is ParseErrorAction errors)
{
    errors.ShowHelp = false;
    command.Invoke(new InvocationConfiguration { Output = Console.Error });
    Console.Error.WriteLine("Try --help.");
    return InvalidOption;
}

// No termination timeout: RunAsync handles the signals itself, so that it always prints the totals.
return await command.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false })
    .ConfigureAwait(false);

static async Task<int> RunAsync(Sora2SimulatorOptions options)
{
    using var stop = new CancellationTokenSource();

    // Both signals only end the loop below; the program then prints the totals and exits by itself.
    using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

    try
    {
        var simulator = await Sora2Simulator.StartAsync(options, stop.Token).ConfigureAwait(false);
        await using (simulator.ConfigureAwait(false))
        {
            Console.WriteLine(ConsoleText.Banner(simulator, options));
            await PrintRequestsAsync(simulator.Ledger, stop.Token).ConfigureAwait(false);
            Console.WriteLine(ConsoleText.Totals(simulator.Ledger));
        }

        return 0;
    }
    catch (Exception problem) when (problem is IOException or SocketException)
    {
        Console.Error.WriteLine(
            $"The simulator cannot start: {problem.Message}\nChoose other ports with --juxin-port, --zhenzhen-port and --media-port.");
        return PortInUse;
    }
    catch (ArgumentOutOfRangeException problem)
    {
        Console.Error.WriteLine($"{problem.Message}\nTry --help.");
        return InvalidOption;
    }

    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stop.Cancel();
    }
}

static async Task PrintRequestsAsync(SimulatorLedger ledger, CancellationToken cancellationToken)
{
    try
    {
        await foreach (var request in ledger.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            Console.WriteLine(ConsoleText.Line(request));
        }
    }
    catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
    {
        // A signal: the usual end of this program.
    }
}
