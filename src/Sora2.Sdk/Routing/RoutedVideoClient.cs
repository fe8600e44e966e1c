using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Sora2.Sdk.Batches;
using Sora2.Sdk.Submissions;

namespace Sora2.Sdk.Routing;

/// <summary>The videos of a router: creates with the first client that can, and everything else with the client of the task.</summary>
internal sealed class RoutedVideoClient(Sora2Router router) : IVideoClient, IBatchClient
{
    private readonly KeyTurns _keys = new();

    public Task<VideoTask> CreateAsync(GenerationRequest request, CancellationToken cancellationToken = default) =>
        RouteAsync(request, _ => Attempting.Once, cancellationToken);

    public void Validate(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        FindRoutes(request);
    }

    public async Task<VideoTask> GetAsync(TaskHandle task, CancellationToken cancellationToken = default)
    {
        var client = await router.FindClientAsync(task, cancellationToken).ConfigureAwait(false);
        return await client.Videos.GetAsync(task.Id, cancellationToken).ConfigureAwait(false);
    }

    public async Task<VideoTask> WaitAsync(
        TaskHandle task, WaitOptions? options = null, IProgress<VideoTask>? progress = null, CancellationToken cancellationToken = default)
    {
        var client = await router.FindClientAsync(task, cancellationToken).ConfigureAwait(false);
        return await client.Videos.WaitAsync(task.Id, options, progress, cancellationToken).ConfigureAwait(false);
    }

    public IAsyncEnumerable<VideoTask> WatchAsync(
        TaskHandle task, WaitOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task.PlatformName is not null)
        {
            router.FindClient(task); // A task of another account is refused at the call, not in the loop.
        }

        return WatchFoundAsync(task, options, cancellationToken);
    }

    private async IAsyncEnumerable<VideoTask> WatchFoundAsync(
        TaskHandle task, WaitOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var client = await router.FindClientAsync(task, cancellationToken).ConfigureAwait(false);
        await foreach (var state in client.Videos.WatchAsync(task.Id, options, cancellationToken).ConfigureAwait(false))
        {
            yield return state;
        }
    }

    public async Task<VideoTask> GenerateAsync(
        GenerationRequest request,
        WaitOptions? options = null,
        IProgress<VideoTask>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options?.Validate(); // Before money is spent.
        ISora2Client client = router;
        var created = await RouteAsync(
            request,
            chosen =>
            {
                client = chosen;
                return new Attempting { OnWaiting = () => progress?.Report(VideoTask.WaitingForASlot(chosen.PlatformName)) };
            },
            cancellationToken).ConfigureAwait(false);
        client = created.Record is null ? client : router.FindClient(created); // The task of a key may be another client's.
        return await Failover.SubmitToFirstAsync(
            [new Route(client, Model: null)], route => WaitCreatedAsync(route.Client.Videos, created, options, progress, cancellationToken))
            .ConfigureAwait(false);
    }

    public IAsyncEnumerable<BatchItem> GenerateBatchAsync(
        IEnumerable<GenerationRequest> requests, BatchOptions? options = null, CancellationToken cancellationToken = default) =>
        Batch.Create(this, First.Context, requests, options, cancellationToken);

    public IAsyncEnumerable<BatchItem> ResumeBatchAsync(
        IEnumerable<BatchItem> earlier, BatchOptions? options = null, CancellationToken cancellationToken = default) =>
        Batch.Resume(this, First.Context, earlier, options, cancellationToken);

    public IAsyncEnumerable<ResumedTask> ResumeAsync(
        WaitOptions? options = null, IProgress<VideoTask>? progress = null, CancellationToken cancellationToken = default)
    {
        options?.Validate();
        var clients = router.Clients.Where(client => client is not Sora2Client { TaskStore: null }).ToList();
        return clients.Count == 0
            ? throw new Sora2ValidationException(
                "There is nothing to resume: no client of the router has a task store. "
                + $"Set {nameof(Sora2ClientOptions)}.{nameof(Sora2ClientOptions.TaskStore)}, for example to a FileTaskStore.")
            : MergeAsync(clients, (client, token) => client.Videos.ResumeAsync(options, progress, token), cancellationToken);
    }

    public async Task<DownloadedVideo> DownloadAsync(
        VideoTask task,
        string path,
        DownloadOptions? options = null,
        IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        return await router.FindClient(task).Videos.DownloadAsync(task, path, options, progress, cancellationToken).ConfigureAwait(false);
    }

    public async Task<DownloadedVideo> DownloadAsync(
        VideoTask task,
        Stream destination,
        DownloadOptions? options = null,
        IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        return await router.FindClient(task).Videos.DownloadAsync(task, destination, options, progress, cancellationToken)
            .ConfigureAwait(false);
    }

    public Task<VideoTask> SubmitAsync(GenerationRequest request, Attempting how, CancellationToken cancellationToken) =>
        RouteAsync(request, _ => how, cancellationToken);

    public Task<VideoTask> WaitCreatedAsync(
        VideoTask created, WaitOptions? options, IProgress<VideoTask>? progress, CancellationToken cancellationToken) =>
        WaitCreatedAsync(router.FindClient(created).Videos, created, options, progress, cancellationToken);

    private static Task<VideoTask> WaitCreatedAsync(
        IVideoClient videos, VideoTask created, WaitOptions? options, IProgress<VideoTask>? progress, CancellationToken cancellationToken)
    {
        if (videos is IBatchClient own)
        {
            return own.WaitCreatedAsync(created, options, progress, cancellationToken);
        }

        progress?.Report(created);
        return videos.WaitAsync(created, options, progress, cancellationToken);
    }

    /// <summary>The client whose retry delay and clock a batch uses.</summary>
    private Sora2Client First => router.Clients.OfType<Sora2Client>().FirstOrDefault()
        ?? throw new Sora2ValidationException("A batch needs a client of the SDK, and the router has none.");

    private IReadOnlyList<Route> FindRoutes(GenerationRequest request)
    {
        if (request is not RemixRequest { Source: { } source } remix)
        {
            return Route.Find(router.Clients, request.Model, (client, model) => client.Videos.Validate(request with { Model = model }));
        }

        var client = router.FindClient(source);
        client.Videos.Validate(remix with { Source = source.Id });
        return [new Route(client, request.Model)];
    }

    private async Task<VideoTask> RouteAsync(
        GenerationRequest request, Func<ISora2Client, Attempting> how, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request is RemixRequest { Source: { PlatformName: null } source } remix)
        {
            var client = await router.FindClientAsync(source, cancellationToken).ConfigureAwait(false);
            request = remix with { Source = new TaskHandle(source.Id) { PlatformName = client.PlatformName, ClientName = client.Name } };
        }

        var routes = FindRoutes(request);
        var images = await BufferedImages.ReadAsync(request.SentImages, routes, cancellationToken).ConfigureAwait(false);
        var copy = images.Replace(request);

        if (request.Key is not null && Stores.Any())
        {
            // A client without a store would make and pay for the work of the key again.
            routes = [.. routes.Where(route => route.Client is not Sora2Client { TaskStore: null })];
            if (routes.Count == 0)
            {
                throw new Sora2ValidationException(
                    "The request has a key, and no client that can make it has a task store, as others of the router do. Nothing was sent. "
                    + $"Set {nameof(Sora2ClientOptions)}.{nameof(Sora2ClientOptions.TaskStore)} of all clients.");
            }
        }

        // The clients may have a store each, so that only the router sees the creates of one key that go to several of them.
        using var turn = await _keys.EnterAsync(Stores.Any() ? request.Key : null, cancellationToken).ConfigureAwait(false);
        if (await FindByKeyAsync(request.Key, cancellationToken).ConfigureAwait(false) is { } owner)
        {
            routes = [.. routes.Where(route => route.Client == owner).DefaultIfEmpty(new Route(owner, request.Model)),
                .. routes.Where(route => route.Client != owner)];
        }

        return await Failover.SubmitToFirstAsync(routes, SubmitAsync).ConfigureAwait(false);

        Task<VideoTask> SubmitAsync(Route route)
        {
            var routed = copy is RemixRequest remix ? remix with { Source = remix.Source.Id } : copy with { Model = route.Model };
            var attempting = how(route.Client) with { Original = request };
            if (route.Client.Videos is IBatchClient own)
            {
                return own.SubmitAsync(routed, attempting, cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
            return route.Client.Videos.CreateAsync(
                routed, attempting.CompletesOnceSent ? CancellationToken.None : cancellationToken);
        }
    }

    /// <summary>The clients with different stores.</summary>
    private IEnumerable<Sora2Client> Stores => router.Clients.OfType<Sora2Client>()
        .Where(client => client.TaskStore is not null).DistinctBy(client => client.TaskStore);

    /// <summary>Returns the client that has a task of a key, or may have one.</summary>
    private async Task<ISora2Client?> FindByKeyAsync(string? key, CancellationToken cancellationToken)
    {
        ISora2Client? failed = null;
        foreach (var client in key is null ? [] : Stores)
        {
            if (await client.FindByKeyAsync(key!, cancellationToken).ConfigureAwait(false) is { State: not TaskRecordState.Refused } record)
            {
                // One with another store would not find the record there, and would create again.
                var owner = router.Clients.OfType<Sora2Client>().FirstOrDefault(other => other.PlatformName == record.PlatformName
                    && other.Name == record.ClientName && other.TaskStore == client.TaskStore) ?? client;
                if (record.State != TaskRecordState.Failed)
                {
                    return owner;
                }

                failed = owner;
            }
        }

        return failed;
    }

    /// <summary>Yields the elements of all clients as they come. An error of one ends all.</summary>
    private static async IAsyncEnumerable<T> MergeAsync<T>(
        IReadOnlyList<ISora2Client> clients,
        Func<ISora2Client, CancellationToken, IAsyncEnumerable<T>> list,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // A client is asked for its next element when the caller has done with this one: a resumed task is held until then.
        var results = Channel.CreateUnbounded<(T Result, TaskCompletionSource Done)>();
        var reading = Task.WhenAll(clients.Select(ReadAsync));
        var end = reading.ContinueWith(
            ended => results.Writer.TryComplete(ended.Exception?.InnerException),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        try
        {
            await foreach (var (result, done) in results.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                yield return result;
                done.SetResult();
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await end.ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();

        async Task ReadAsync(ISora2Client client)
        {
            try
            {
                await foreach (var result in list(client, stop.Token).ConfigureAwait(false))
                {
                    var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    results.Writer.TryWrite((result, done));
                    await done.Task.WaitAsync(stop.Token).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The caller left, or another client failed.
            }
            catch
            {
                await stop.CancelAsync().ConfigureAwait(false);
                throw;
            }
        }
    }
}
