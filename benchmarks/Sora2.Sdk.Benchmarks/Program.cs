using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Sora2.Sdk.Benchmarks;

if (await SimulatorProcess.ServedAsync(args).ConfigureAwait(false) || await WaitingBenchmarks.RanAsync(args).ConfigureAwait(false))
{
    return;
}

if (args is ["large"])
{
    await LargeDownload.RunAsync().ConfigureAwait(false);
    return;
}

// Runs in process, because this version of BenchmarkDotNet cannot generate projects for .NET 10.
var config = ManualConfig.CreateEmpty()
    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(5).WithIterationCount(15))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .AddExporter(MarkdownExporter.GitHub)
    .AddLogger(ConsoleLogger.Default);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
