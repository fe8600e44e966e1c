using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Transport;

/// <summary>Retries, circuit breaker and concurrency limit of media hosts, over sockets.</summary>
public sealed class MediaResilienceTests : ResilienceTest
{
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Circuit_opens_probes_and_closes(string way)
    {
        var isUp = false;
        var host = await HostAsync((_, http) => isUp ? WriteVideoAsync(http) : FailAsync(http));
        var other = await HostAsync((_, http) => WriteVideoAsync(http));
        var client = Open(way, options => (options.Media.MaxRetryAttempts, options.Media.MinimumThroughput) = (0, 2));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await FailsAsync()).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await FailsAsync()).StatusCode);
        await IsRefusedAsync(requests: 2);
        Clock.Advance(TimeSpan.FromSeconds(14.9));
        await IsRefusedAsync(requests: 2);
        Assert.NotEqual(0, (await DownloadAsync(client, other)).Length);

        Clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await FailsAsync()).StatusCode);
        await IsRefusedAsync(requests: 3);

        Clock.Advance(TimeSpan.FromSeconds(15));
        isUp = true;
        Assert.Equal(Video.Length, (await DownloadAsync(client, host)).Length);
        Assert.Equal(Video.Length, (await DownloadAsync(client, host)).Length);
        Assert.Equal(5, host.Asked.Count);
        Assert.Equal(
            [(60, LogLevel.Warning), (60, LogLevel.Warning), (61, LogLevel.Information)],
            Heard.Lines.Where(line => line.Id is 60 or 61).Select(line => (line.Id, line.Level)));

        Task<DownloadException> FailsAsync() => Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(client, host));

        async Task IsRefusedAsync(int requests)
        {
            var error = await FailsAsync();
            Assert.True(error.IsTransient);
            Assert.Null(error.StatusCode);
            Assert.InRange(error.RetryAfter!.Value, TimeSpan.FromSeconds(0.05), TimeSpan.FromSeconds(15));
            Assert.Equal(requests, host.Asked.Count);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Download_waits_for_an_open_circuit_and_continues(string way)
    {
        var host = await HostAsync((request, http) => request <= 3 ? FailAsync(http) : WriteVideoAsync(http));
        var client = Open(
            way,
            options =>
            {
                (options.Media.MaxRetryAttempts, options.Media.MinimumThroughput) = (0, 2);
                options.Media.BreakDuration = TimeSpan.FromSeconds(40);
            },
            options => (options.DownloadRetries, options.RetryDelay) = (8, TimeSpan.FromMilliseconds(1)));

        var download = DownloadAsync(client, host);
        while (!download.IsCompleted)
        {
            await Task.WhenAny(download, PassAsync(TimeSpan.FromSeconds(1)));
        }

        Assert.Equal(Video.Length, (await download).Length);
        Assert.Equal(4, host.Asked.Count);
        Assert.InRange(Clock.Elapsed, TimeSpan.FromSeconds(80), TimeSpan.FromSeconds(90));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Requests_over_the_permit_limit_queue_until_a_body_is_read_and_fail_over_the_queue_limit(string way)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var host = await HostAsync(async (request, http) =>
        {
            http.Response.ContentLength = Video.Length;
            await http.Response.Body.WriteAsync(Video.AsMemory(0, 1000), Token);
            await http.Response.Body.FlushAsync(Token);
            began.TrySetResult();
            if (request == 1)
            {
                await release.Task;
            }

            await http.Response.Body.WriteAsync(Video.AsMemory(1000), Token);
        });
        var client = Open(way, options => (options.Media.PermitLimit, options.Media.QueueLimit) = (1, 1));

        var first = DownloadAsync(client, host);
        await began.Task;
        var second = DownloadAsync(client, host);
        var third = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(client, host));

        Assert.Contains("QueueLimit", third.Message, StringComparison.Ordinal);
        Assert.True(third.IsTransient);
        Assert.Single(host.Asked);
        Assert.False(second.IsCompleted);
        release.SetResult();
        Assert.Equal(Video.Length, (await first).Length);
        Assert.Equal(Video.Length, (await second).Length);
        Assert.Equal(Video.Length, (await DownloadAsync(client, host)).Length);
        Assert.Equal(3, host.Asked.Count);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Permit_is_released_when_a_download_breaks_is_refused_or_is_canceled(string way)
    {
        var started = new TaskCompletionSource();
        var host = await HostAsync(async (request, http) =>
        {
            switch (request)
            {
                case 1:
                    http.Response.ContentLength = Video.Length;
                    await http.Response.Body.WriteAsync(Video.AsMemory(0, 1000), Token);
                    http.Abort();
                    break;
                case 2:
                    await FailAsync(http, 404);
                    break;
                case 3:
                    await http.Response.Body.WriteAsync("{}"u8.ToArray(), Token);
                    break;
                case 4:
                    await http.Response.Body.WriteAsync(Video.AsMemory(0, 1000), Token);
                    await http.Response.Body.FlushAsync(Token);
                    started.SetResult();
                    await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                    break;
                default:
                    await WriteVideoAsync(http);
                    break;
            }
        });
        var client = Open(
            way, options => (options.Media.PermitLimit, options.Media.QueueLimit, options.Media.MaxRetryAttempts) = (1, 0, 0));
        using var cancel = new CancellationTokenSource();

        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(client, host));
        }

        var cancelled = client.Videos.DownloadAsync(TaskAt(host), new MemoryStream(), cancellationToken: cancel.Token);
        await started.Task;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        Assert.Equal(Video.Length, (await DownloadAsync(client, host)).Length);
    }

    /// <summary>Seven seconds in both forms of the header; the date is relative to the response's own.</summary>
    public static TheoryData<string, string> RetryAfters => new()
    {
        { "script", "7" },
        { "container", "7" },
        { "script", "Fri, 20 Nov 2026 08:00:07 GMT" },
        { "container", "Fri, 20 Nov 2026 08:00:07 GMT" },
    };

    [Theory]
    [MemberData(nameof(RetryAfters))]
    public async Task Retry_waits_for_the_retry_after(string way, string retryAfter)
    {
        var host = await HostAsync((request, http) =>
        {
            http.Response.Headers.Date = "Fri, 20 Nov 2026 08:00:00 GMT";
            return request == 1 ? FailAsync(http, 429, retryAfter) : WriteVideoAsync(http);
        });
        var client = Open(way, _ => { }, options => options.DownloadRetries = 1);

        var download = DownloadAsync(client, host);
        await PassAsync(TimeSpan.FromSeconds(6.9));
        Assert.Single(host.Asked);
        Clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(Video.Length, (await download).Length);
        Assert.Equal(2, host.Asked.Count);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Long_retry_after_is_reported_not_waited(string way)
    {
        var host = await HostAsync((_, http) => FailAsync(http, 429, "61"));
        var client = Open(way, _ => { }, options => options.DownloadRetries = 8);

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(client, host));

        Assert.Equal(TimeSpan.FromSeconds(61), error.RetryAfter);
        Assert.Single(host.Asked);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Both_layers_share_the_retry_limit_of_the_download(string way)
    {
        var host = await HostAsync((_, http) => FailAsync(http));
        var client = Open(
            way,
            options => options.Media.UseCircuitBreaker = false,
            options => (options.DownloadRetries, options.RetryDelay) = (5, TimeSpan.FromMilliseconds(1)));

        var download = DownloadAsync(client, host);
        while (!download.IsCompleted)
        {
            await Task.WhenAny(download, PassAsync(TimeSpan.FromSeconds(1)));
        }

        var error = await Assert.ThrowsAsync<DownloadException>(() => download);
        Assert.Equal(6, error.Attempts);
        Assert.Equal(6, host.Asked.Count);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Attempt_without_a_response_is_retried(string way)
    {
        var asked = new TaskCompletionSource();
        var host = await HostAsync(async (request, http) =>
        {
            if (request == 1)
            {
                asked.SetResult();
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            }
            else
            {
                await WriteVideoAsync(http);
            }
        });
        var client = Open(way, options => options.Media.AttemptTimeout = TimeSpan.FromSeconds(20), options => options.DownloadRetries = 1);

        var download = DownloadAsync(client, host);
        await asked.Task;
        Clock.Advance(TimeSpan.FromSeconds(20));
        await PassAsync(TimeSpan.FromSeconds(15)); // the delay before the retry, and less than its timeout

        Assert.Equal(Video.Length, (await download).Length);
        Assert.Equal(2, host.Asked.Count);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Web_image_is_retried_and_the_create_is_paid_once(string way)
    {
        var host = await HostAsync(
            (request, http) => request <= 2 ? FailAsync(http, 502) : http.Response.Body.WriteAsync(TinyImages.Png, Token).AsTask());
        var client = Open(
            way, options => options.Media.RetryDelay = TimeSpan.FromMilliseconds(1), options => options.TimeProvider = TimeProvider.System);

        await client.Videos.CreateAsync(ThreeShots(ImageInput.FromUrl(host.Address)), Token);

        Assert.Equal(3, host.Asked.Count);
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
        Assert.All(host.Asked, asked => Assert.DoesNotContain(Simulator.ApiKey, asked.Headers, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Web_image_behind_an_open_circuit_is_refused_before_payment(string way)
    {
        var host = await HostAsync((_, http) => FailAsync(http));
        var client = Open(way, options => (options.Media.MaxRetryAttempts, options.Media.MinimumThroughput) = (0, 2));
        await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(client, host));
        await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(client, host));

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(
            () => client.Videos.CreateAsync(ThreeShots(ImageInput.FromUrl(host.Address)), Token));

        Assert.Equal(Sora2ErrorKind.InvalidRequest, error.Kind);
        Assert.Equal(2, host.Asked.Count);
        Assert.Empty(Simulator.Ledger.Requests);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Video_at_the_API_uses_the_same_pipeline_with_the_key(string way)
    {
        var api = await HostAsync((request, http) => request == 1 ? FailAsync(http, 503, "5") : WriteVideoAsync(http));
        var client = Open(way, _ => { }, options => (options.BaseAddress, options.DownloadRetries) = (api.Address, 1));

        var download = DownloadAsync(client, api);
        await PassAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(Video.Length, (await download).Length);
        Assert.Equal(2, api.Asked.Count);
        Assert.All(
            api.Asked, asked => Assert.Contains($"Authorization: Bearer {Simulator.ApiKey}", asked.Headers, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Private_address_opens_no_circuit_and_is_not_retried(string way)
    {
        var client = Open(
            way,
            options => options.Media.MinimumThroughput = 2,
            options => (options.AllowPrivateNetworkDownloads, options.DownloadRetries) = (false, 8));
        var url = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{Simulator.MediaBaseAddress.Port}/v.mp4");
        var task = new VideoTask { PlatformName = "elsewhere", Id = "t", Status = VideoTaskStatus.Succeeded, VideoUrl = new Uri(url) };

        for (var i = 0; i < 4; i++)
        {
            var error = await Assert.ThrowsAsync<Sora2ValidationException>(
                () => client.Videos.DownloadAsync(task, new MemoryStream(), cancellationToken: Token));
            Assert.Contains("AllowPrivateNetworkDownloads", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(0, Simulator.Ledger.Count(SimulatorOperation.Media));
    }
}
