using System.Globalization;

namespace Sora2.Sdk.Simulator.Cli;

/// <summary>What the program says.</summary>
internal static class Texts
{
    public const string Help = """
        Serves the relay platforms Juxin and Zhenzhen, and a host for their videos, on 127.0.0.1.

        Usage: sora2-simulator [options]

          --key <text>            the API key that both platforms take    (test-key-simulator)
          --speed <number>        how many times faster tasks run         (20)
          --duration <seconds>    how long a task takes at speed 1        (270)
          --juxin-shape <shape>   Juxin's answers: openai or native       (openai)
          --video-bytes <number>  the least size of a video               (0)
          --video-links <kind>    media; or content or redirect, which
                                  want the key                            (media)
          --juxin-models <names>  more models, with commas between:
          --zhenzhen-models <names>  Sora's limits do not hold for them
          --strict                refuses what Sora2.Sdk would not send:
                                  missing fields, other types, bare keys
          --juxin-port <port>     0 takes any free one                    (5201)
          --zhenzhen-port <port>                                          (5202)
          --media-port <port>                                             (5203)
          --help                  shows this

        A prompt with [fail] or [fail:reason] makes a task that fails. Ctrl+C stops and prints the totals.
        Exit codes: 0 stopped, 1 a port is in use, 2 a wrong option.
        """;

    public static string Banner(Sora2Simulator simulator, Sora2SimulatorOptions options) => string.Create(CultureInfo.InvariantCulture, $$"""
        Sora2 simulator

          Juxin      {{simulator.JuxinBaseAddress}}
          Zhenzhen   {{simulator.ZhenzhenBaseAddress}}
          Media      {{simulator.MediaBaseAddress}}
          Key        {{simulator.ApiKey}}
          Rules      {{(options.Strict ? "strict" : "lenient (--strict for Sora2.Sdk's own)")}}
          A task     {{options.TaskDuration.TotalSeconds / options.SpeedFactor:0.#}} s ({{options.TaskDuration.TotalSeconds:0.#}} s at speed {{options.SpeedFactor:0.##}})

        curl {{simulator.JuxinBaseAddress}}v1/video/create -H 'Authorization: Bearer {{simulator.ApiKey}}' -H 'Content-Type: application/json' \
          -d '{"model":"sora-2-all","prompt":"一只小猫","duration":10,"aspect_ratio":"16:9","orientation":"landscape","size":"small","watermark":false,"private":false,"images":[]}'

        curl {{simulator.ZhenzhenBaseAddress}}v2/videos/generations -H 'Authorization: Bearer {{simulator.ApiKey}}' -H 'Content-Type: application/json' \
          -d '{"model":"sora-2","prompt":"一只小猫","aspect_ratio":"16:9","duration":"10","hd":false,"watermark":false,"private":false}'

        Packages of OpenAI: base address {{simulator.JuxinBaseAddress}}v1 or {{simulator.ZhenzhenBaseAddress}}v1, with videos.create and what follows from it.

        Ctrl+C stops.

        """);

    public static string Line(SimulatorRequest request) => string.Create(CultureInfo.InvariantCulture, $"{request.At.ToLocalTime():HH:mm:ss}  {request}");

    public static string Totals(SimulatorLedger ledger) =>
        string.Create(CultureInfo.InvariantCulture, $"\n{ledger.Requests.Count} requests, {ledger.BilledCreates} of them billed.");
}
