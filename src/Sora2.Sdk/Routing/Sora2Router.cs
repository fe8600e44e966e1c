using Sora2.Sdk.Common;
using Sora2.Sdk.Routing;

namespace Sora2.Sdk;

/// <summary>
/// Several accounts in one place, on one platform or on several, in order of preference: a video goes to the first that can make it, and to the next one only when it was
/// refused or surely not sent. Thread-safe; make one and keep it. The clients stay the caller's to dispose.
/// <list type="bullet">
/// <item>A request that names no model goes to the first client whose own model (<see cref="Sora2ClientOptions.DefaultModel"/>, else the platform's) makes its length and quality; if none does, to
/// the first whose platform has another known model that does. Name a model to have it and nothing else.</item>
/// <item>A model that one of the platforms lists goes to clients on that platform only; any other name goes to the first client as it is.</item>
/// <item>A client with <see cref="Sora2ClientOptions.ValidateRequests"/> off is taken to make everything.</item>
/// <item>The next client is tried after an error that says that nothing was charged (<see cref="Sora2Exception.MayHaveBeenCharged"/> is false) and that is about the account or the platform: no
/// connection, saturated, too fast, no money, no channel for the model, the key, the address. Never after <see cref="SubmissionUnknownException"/>, or anything else that may have been
/// charged. Not either when the request itself was refused (<see cref="Sora2ErrorKind.InvalidRequest"/>, moderation): that is for the caller to know.</item>
/// <item>A client's own <see cref="Sora2ClientOptions.CreateRetries"/> and limits come first: with <c>CreateRetries = 0</c> a saturated platform is left at once.</item>
/// </list>
/// </summary>
/// <example>
/// <code>
/// using var juxin = Sora2Client.Create(Sora2Platform.Juxin, juxinKey);
/// using var zhenzhen = Sora2Client.Create(Sora2Platform.Zhenzhen, zhenzhenKey);
/// var router = new Sora2Router([juxin, zhenzhen]);
///
/// var task = await router.GenerateAsync(new VideoRequest("A corgi surfs at sunset") { Duration = TimeSpan.FromSeconds(25) });  // Zhenzhen, sora-2-pro
/// await router.DownloadAsync(task, "corgi.mp4");
/// </code>
/// </example>
public sealed class Sora2Router
{
    /// <summary>A router over these clients.</summary>
    /// <param name="clients">In order of preference, the cheapest first as a rule. Two on one platform need names of their own.</param>
    /// <exception cref="ArgumentException">There is no client, or two cannot be told apart.</exception>
    public Sora2Router(IEnumerable<ISora2Client> clients)
    {
        ArgumentNullException.ThrowIfNull(clients);
        Clients = [.. clients];
        if (Clients.Count == 0 || Clients.Contains(null!))
        {
            throw new ArgumentException("A router needs at least one client, and none that is null. Register clients with AddSora2, or make them with Sora2Client.Create.", nameof(clients));
        }

        if (Clients.GroupBy(client => (client.Platform.Name, client.Name)).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two clients on {twice.First().Platform.Title} are both named \"{twice.Key.Item2}\", so that a task could not tell which of them made it. Name them apart, with AddSora2(name, …) or new Sora2Client(name, …).", nameof(clients));
        }
    }

    /// <summary>The clients, in order of preference.</summary>
    public IReadOnlyList<ISora2Client> Clients { get; }

    /// <summary>The clients' platforms and names, in order of preference.</summary>
    public override string ToString() => $"Sora2Router ({LogSanitizer.SingleLine(string.Join(", ", Clients.Select(client => client.Name.Length == 0 ? client.Platform.Name : $"{client.Platform.Name} \"{client.Name}\"")))})";

    /// <summary>
    /// Creates a video task on the first client that can make it and takes it. <b>Costs money</b>, once: the next client is asked only when the one before refused, or surely got nothing.
    /// </summary>
    /// <param name="request">What to make. An image from a stream that cannot seek is read into memory before, if more than one client can make it.</param>
    /// <param name="cancellationToken">Gives up the call. Once the request has left, the outcome is then not known.</param>
    /// <returns>The task as accepted, with its id and the <see cref="VideoTask.Client"/> that made it.</returns>
    /// <exception cref="Sora2ValidationException">No client can make the request; the message says for each why not. Nothing was sent.</exception>
    /// <exception cref="Sora2ApiException">Every client that can make it refused or could not be reached, or one refused the request itself; nothing was charged. The message and the inner exceptions tell each.</exception>
    /// <exception cref="SubmissionUnknownException">The request left and no answer told what became of it: it may have been charged, and no other client was asked.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public Task<VideoTask> CreateAsync(VideoRequest request, CancellationToken cancellationToken = default) =>
        MakeAsync(request, (client, own) => client.Videos.CreateAsync(own, cancellationToken), cancellationToken);

    /// <summary>Creates one video from a storyboard, on the first client that can make it and takes it. <b>Costs money</b>, once; see the other form.</summary>
    /// <param name="storyboard">The shots.</param>
    /// <param name="cancellationToken">Gives up the call. Once the request has left, the outcome is then not known.</param>
    /// <returns>The task as accepted, with its id and the <see cref="VideoTask.Client"/> that made it.</returns>
    /// <exception cref="Sora2ValidationException">No client can make the storyboard; the message says for each why not. Nothing was sent.</exception>
    /// <exception cref="Sora2ApiException">Every client that can make it refused or could not be reached, or one refused the storyboard itself; nothing was charged.</exception>
    /// <exception cref="SubmissionUnknownException">The request left and no answer told what became of it: it may have been charged, and no other client was asked.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public async Task<VideoTask> CreateAsync(Storyboard storyboard, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(storyboard);
        var routes = Route.Find(Clients, storyboard.Model, (client, model) => client.Storyboards.Validate(storyboard with { Model = model }));
        var images = await BufferedImages.ReadAsync(storyboard.AllImages, routes, cancellationToken).ConfigureAwait(false);
        var own = storyboard with { Shots = [.. storyboard.Shots.Select(shot => shot with { Images = images.Of(shot.Images) })], ReferenceImages = images.Of(storyboard.ReferenceImages) };
        return await FirstToTakeAsync(routes, route => route.Client.Storyboards.CreateAsync(own with { Model = route.Model }, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>
    /// Creates a video on the first client that can make it and takes it, and waits for it there. <b>Costs money</b>, once. Every error after the create was accepted carries the task's id and
    /// the <see cref="Sora2Exception.Client"/>: another client is not asked then.
    /// </summary>
    /// <param name="request">What to make; see <see cref="CreateAsync(VideoRequest, CancellationToken)"/>.</param>
    /// <param name="options">Pace and patience; null for the client's.</param>
    /// <param name="progress">Told of the accepted task, then of every answer.</param>
    /// <param name="cancellationToken">Stops creating or waiting. A task that was accepted goes on at the platform.</param>
    /// <returns>The finished task, with its link.</returns>
    /// <exception cref="Sora2ValidationException">No client can make the request, or an option cannot be; nothing was sent.</exception>
    /// <exception cref="Sora2ApiException">Every client that can make it refused or could not be reached, or one refused the request itself; or the task could not be asked for.</exception>
    /// <exception cref="SubmissionUnknownException">The request left and no answer told what became of it: it may have been charged, and no other client was asked.</exception>
    /// <exception cref="VideoTaskFailedException">The platform gave the task up.</exception>
    /// <exception cref="WaitTimeoutException">Patience ran out; do not create again, wait for the id it carries.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public Task<VideoTask> GenerateAsync(VideoRequest request, WaitOptions? options = null, IProgress<VideoTask>? progress = null, CancellationToken cancellationToken = default) =>
        MakeAsync(request, (client, own) => client.Videos.GenerateAsync(own, options, progress, cancellationToken), cancellationToken);

    /// <summary>Asks once for a task, of the client that made it; see <see cref="IVideoClient.GetAsync"/>. Free of charge.</summary>
    /// <param name="task">The task; its platform, client and id are looked at.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    /// <returns>What the platform said, a failed task included.</returns>
    /// <exception cref="Sora2ValidationException">The client that made it is none of this router's.</exception>
    /// <exception cref="Sora2ApiException">The platform does not know the task, refused the key, or could not be read.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public async Task<VideoTask> GetAsync(VideoTask task, CancellationToken cancellationToken = default) =>
        await FindClient(task).Videos.GetAsync(task.Id, cancellationToken).ConfigureAwait(false);

    /// <summary>Waits for a task at the client that made it; see <see cref="IVideoClient.WaitAsync"/>. Free of charge.</summary>
    /// <param name="task">The task; its platform, client and id are looked at.</param>
    /// <param name="options">Pace and patience; null for the client's.</param>
    /// <param name="progress">Told of every answer; the percentage never falls.</param>
    /// <param name="cancellationToken">Stops waiting at once. The task goes on at the platform.</param>
    /// <returns>The finished task, with its link.</returns>
    /// <exception cref="Sora2ValidationException">The client that made it is none of this router's, or an option cannot be.</exception>
    /// <exception cref="VideoTaskFailedException">The platform gave the task up.</exception>
    /// <exception cref="WaitTimeoutException">Patience ran out; the task goes on and can be waited for again.</exception>
    /// <exception cref="Sora2ApiException">The platform does not know the task, refused the key, or could not be read.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public async Task<VideoTask> WaitAsync(VideoTask task, WaitOptions? options = null, IProgress<VideoTask>? progress = null, CancellationToken cancellationToken = default) =>
        await FindClient(task).Videos.WaitAsync(task.Id, options, progress, cancellationToken).ConfigureAwait(false);

    /// <summary>The answers about a task as they come, from the client that made it; see <see cref="IVideoClient.WatchAsync"/>. Free of charge.</summary>
    /// <param name="task">The task; its platform, client and id are looked at.</param>
    /// <param name="options">Pace and patience; null for the client's.</param>
    /// <param name="cancellationToken">Stops watching at once. The task goes on at the platform.</param>
    /// <returns>One element for each answer, the last one final.</returns>
    /// <exception cref="Sora2ValidationException">The client that made it is none of this router's, or an option cannot be.</exception>
    /// <exception cref="WaitTimeoutException">Patience ran out; the task goes on and can be watched again.</exception>
    /// <exception cref="Sora2ApiException">The platform does not know the task, refused the key, or could not be read.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public IAsyncEnumerable<VideoTask> WatchAsync(VideoTask task, WaitOptions? options = null, CancellationToken cancellationToken = default) =>
        FindClient(task).Videos.WatchAsync(task.Id, options, cancellationToken);

    /// <summary>Downloads a finished video to a file, by the client that made it; see <see cref="IVideoClient.DownloadAsync(VideoTask, string, DownloadOptions, IProgress{DownloadProgress}, CancellationToken)"/>. Free of charge.</summary>
    /// <param name="task">A task with a <see cref="VideoTask.VideoUrl"/>.</param>
    /// <param name="path">The file to write, or a directory.</param>
    /// <param name="options">How to download; null for the defaults.</param>
    /// <param name="progress">Told of the bytes that are there.</param>
    /// <param name="cancellationToken">Gives up; the next call goes on from there.</param>
    /// <returns>Where the video is, and how large.</returns>
    /// <exception cref="Sora2ValidationException">The client that made it is none of this router's; the task has no link yet, or one that may not be followed; the file is there; or an option cannot be.</exception>
    /// <exception cref="DownloadException">The video could not be had whole, or another download is writing the same file.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public async Task<DownloadedVideo> DownloadAsync(VideoTask task, string path, DownloadOptions? options = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        await FindClient(task).Videos.DownloadAsync(task, path, options, progress, cancellationToken).ConfigureAwait(false);

    /// <summary>Downloads a finished video into a stream, by the client that made it; see <see cref="IVideoClient.DownloadAsync(VideoTask, Stream, DownloadOptions, IProgress{DownloadProgress}, CancellationToken)"/>. Free of charge.</summary>
    /// <param name="task">A task with a <see cref="VideoTask.VideoUrl"/>.</param>
    /// <param name="destination">Written to from where it stands; left open.</param>
    /// <param name="options">How to download; null for the defaults.</param>
    /// <param name="progress">Told of the bytes that are there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How large the video is, and its content type.</returns>
    /// <exception cref="Sora2ValidationException">The client that made it is none of this router's; the task has no link yet, or one that may not be followed; or an option cannot be.</exception>
    /// <exception cref="DownloadException">The video could not be had whole.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public async Task<DownloadedVideo> DownloadAsync(VideoTask task, Stream destination, DownloadOptions? options = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        await FindClient(task).Videos.DownloadAsync(task, destination, options, progress, cancellationToken).ConfigureAwait(false);

    /// <summary>The client that made a task.</summary>
    /// <param name="task">The task; its platform and client are looked at.</param>
    /// <returns>The client.</returns>
    /// <exception cref="Sora2ValidationException">It is none of this router's.</exception>
    public ISora2Client FindClient(VideoTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return FindClient(task.Platform, task.Client);
    }

    /// <summary>
    /// A client by platform and name, for a task of an earlier process: keep <see cref="VideoTask.Platform"/> and <see cref="VideoTask.Client"/> with its id. The clients are not asked
    /// one after the other: an account that does not know a task answers like one that does not know it yet.
    /// </summary>
    /// <param name="platform">The platform's <see cref="Sora2Platform.Name"/>.</param>
    /// <param name="name">The client's <see cref="ISora2Client.Name"/>; may be left empty where only one client is on the platform.</param>
    /// <returns>The client.</returns>
    /// <exception cref="Sora2ValidationException">It is none of this router's.</exception>
    /// <example>
    /// <code>
    /// var finished = await router.FindClient("juxin", "cheap").Videos.WaitAsync("video_7b1b817c");
    /// </code>
    /// </example>
    public ISora2Client FindClient(string platform, string name = "")
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(name);
        var there = Clients.Where(client => string.Equals(client.Platform.Name, platform, StringComparison.Ordinal)).ToList();
        return there.Find(client => client.Name == name)
            ?? (name.Length == 0 && there.Count == 1 ? there[0] : null)
            ?? throw new Sora2ValidationException($"No client of this router is named \"{name}\" on {Sora2Platform.TitleOf(platform)}; it has {string.Join(", ", Clients.Select(Route.Title))}. Give the platform and the client of the task, or add that client to the router.");
    }

    private async Task<VideoTask> MakeAsync(VideoRequest request, Func<ISora2Client, VideoRequest, Task<VideoTask>> make, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var routes = Route.Find(Clients, request.Model, (client, model) => client.Videos.Validate(request with { Model = model }));
        var images = await BufferedImages.ReadAsync(request.Images, routes, cancellationToken).ConfigureAwait(false);
        return await FirstToTakeAsync(routes, route => make(route.Client, request with { Model = route.Model, Images = images.Of(request.Images) })).ConfigureAwait(false);
    }

    private static async Task<VideoTask> FirstToTakeAsync(IReadOnlyList<Route> routes, Func<Route, Task<VideoTask>> submit)
    {
        var refusals = new List<Sora2ApiException>();
        foreach (var route in routes)
        {
            try
            {
                return await submit(route).ConfigureAwait(false);
            }
            catch (Sora2ApiException e) when (routes.Count > 1 && IsOfTheAccount(e))
            {
                e.NameClient(route.Client.Name);
                refusals.Add(e);
            }
            catch (Sora2Exception e)
            {
                e.NameClient(route.Client.Name);
                throw;
            }
            catch (WaitCanceledException e)
            {
                e.NameClient(route.Client.Name);
                throw;
            }
        }

        throw NobodyTookIt(routes, refusals);
    }

    /// <summary>Whether a create was surely not taken, for a reason that another account may not have. What is wrong with the request is the caller's to know: elsewhere it might be taken, and billed.</summary>
    private static bool IsOfTheAccount(Sora2ApiException e) => e.MayHaveBeenCharged == false
        && e.Kind is not (Sora2ErrorKind.InvalidRequest or Sora2ErrorKind.InputModeration or Sora2ErrorKind.OutputModeration or Sora2ErrorKind.TaskNotFound or Sora2ErrorKind.Stopping);

    private static Sora2ApiException NobodyTookIt(IReadOnlyList<Route> routes, List<Sora2ApiException> refusals)
    {
        // If one of them is only busy, the same call may well succeed later: that one says what kind of error this is.
        var told = refusals.Find(refusal => refusal.IsTransient) ?? refusals[^1];
        return new Sora2ApiException(
            told.Kind,
            $"None of {routes.Count} clients took it, and nothing was charged. {string.Join(' ', routes.Zip(refusals, (route, refusal) => $"{Route.Title(route.Client)}: {MessageText.EnsurePeriod(refusal.Message)}"))}",
            new AggregateException(refusals))
        {
            IsTransient = told.IsTransient,
            MayHaveBeenCharged = false,
            Platform = told.Platform,
            Client = told.Client,
            RequestId = told.RequestId,
            Request = told.Request,
            Attempts = refusals.Sum(refusal => refusal.Attempts),
            StatusCode = told.StatusCode,
            RetryAfter = told.RetryAfter,
            RawBody = told.RawBody,
        };
    }
}
