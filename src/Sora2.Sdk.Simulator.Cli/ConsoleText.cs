using System.Globalization;

namespace Sora2.Sdk.Simulator.Cli;

/// <summary>The texts that the program prints.</summary>
internal static class ConsoleText
{
    public const string Description = """
        Serves the relay platforms Juxin and Zhenzhen, and a host for their videos, on 127.0.0.1.

        A prompt with [fail] or [fail:reason] creates a task that fails. Ctrl+C stops the program and prints the totals.
        Exit codes: 0 stopped, 1 a port is in use, 2 an option is not valid.
        """;

    public static string Banner(Sora2Simulator simulator, Sora2SimulatorOptions options)
    {
        var juxin = simulator.JuxinBaseAddress;
        var zhenzhen = simulator.ZhenzhenBaseAddress;
        var key = simulator.ApiKey;
        var duration = options.TaskDuration.TotalSeconds;
        return string.Create(CultureInfo.InvariantCulture, $$"""
            Sora2 simulator

              Juxin      {{juxin}}
              Zhenzhen   {{zhenzhen}}
              Media      {{simulator.MediaBaseAddress}}
              Key        {{key}}
              Rules      {{(options.Strict ? "strict" : "lenient (--strict accepts only what Sora2.Sdk sends)")}}
              A task     {{duration / options.SpeedFactor:0.#}} s ({{duration:0.#}} s at speed {{options.SpeedFactor:0.##}})

            curl {{juxin}}v1/video/create -H 'Authorization: Bearer {{key}}' -H 'Content-Type: application/json' \
              -d '{"model":"sora-2-all","prompt":"一只小猫","duration":10,"aspect_ratio":"16:9","orientation":"landscape",
                   "size":"small","watermark":false,"private":false,"images":[]}'

            curl {{zhenzhen}}v2/videos/generations -H 'Authorization: Bearer {{key}}' -H 'Content-Type: application/json' \
              -d '{"model":"sora-2","prompt":"一只小猫","aspect_ratio":"16:9","duration":"10",
                   "hd":false,"watermark":false,"private":false}'

            OpenAI's packages: base address {{juxin}}v1 or {{zhenzhen}}v1; videos.create, retrieve, download and remix.

            Ctrl+C stops.

            """);
    }

    public static string Line(SimulatorRequest request) =>
        string.Create(CultureInfo.InvariantCulture, $"{request.At.ToLocalTime():HH:mm:ss}  {request}");

    public static string Totals(SimulatorLedger ledger) =>
        string.Create(CultureInfo.InvariantCulture, $"\n{ledger.Requests.Count} requests, {ledger.BilledCreates} of them billed.");
}
