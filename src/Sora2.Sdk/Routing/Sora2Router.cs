using Sora2.Sdk.Common;
using Sora2.Sdk.Routing;

namespace Sora2.Sdk;

/// <summary>
/// Sends each request to the first of several clients that can make it, and to the next only if that one certainly did not accept it.
/// </summary>
/// <remarks>
/// <para>
/// The clients are accounts on one platform or on several, in order of preference. Thread-safe: create one router and keep it. The
/// clients are not disposed with it.
/// </para>
/// <list type="bullet">
/// <item>
/// A request without a model goes to the first client whose own model (<see cref="Sora2ClientOptions.DefaultModel"/>, else the platform's)
/// makes its duration and quality; if there is none, to the first whose platform has another known model that does. A request that names a
/// model is made with that model only.
/// </item>
/// <item>A model that a platform lists goes to clients on that platform only; any other model goes to the first client.</item>
/// <item>A client with <see cref="Sora2ClientOptions.ValidateRequests"/> off counts as one that can make everything.</item>
/// <item>
/// The next client is tried after an error that is certain not to have cost anything (<see cref="Sora2Exception.MayHaveBeenCharged"/> is
/// <see langword="false"/>) and that concerns the account or the platform: no connection, saturated, rate limited, out of quota, no
/// channel for the model, a rejected key, a wrong address. It is never tried after a <see cref="SubmissionUnknownException"/> or anything
/// else that may have been charged, nor if the request itself was refused (<see cref="Sora2ErrorKind.InvalidRequest"/>, moderation).
/// </item>
/// <item>
/// Each client first applies its own <see cref="Sora2ClientOptions.CreateRetries"/> and limits: with 0 retries, a saturated platform is
/// left at once.
/// </item>
/// </list>
/// </remarks>
/// <example>
/// <code>
/// using var juxin = Sora2Client.Create(Sora2Platform.Juxin, juxinKey);
/// using var zhenzhen = Sora2Client.Create(Sora2Platform.Zhenzhen, zhenzhenKey);
/// var router = new Sora2Router([juxin, zhenzhen]);
///
/// // 25 s needs sora-2-pro on Zhenzhen.
/// var task = await router.GenerateAsync(new VideoRequest("A corgi surfs at sunset") { Duration = TimeSpan.FromSeconds(25) });
/// await router.DownloadAsync(task, "corgi.mp4");
/// </code>
/// </example>
public sealed class Sora2Router
{
    /// <summary>Creates a router.</summary>
    /// <param name="clients">
    /// The clients in order of preference, usually the cheapest first. Two on one platform need different names.
    /// </param>
    /// <exception cref="ArgumentException">There is no client, or two have the same platform and name.</exception>
    public Sora2Router(IEnumerable<ISora2Client> clients)
    {
        ArgumentNullException.ThrowIfNull(clients);
        Clients = [.. clients];
        if (Clients.Count == 0 || Clients.Contains(null!))
        {
            throw new ArgumentException(
                "A router needs at least one client, and none may be null. "
                + "Register clients with AddSora2, or create them with Sora2Client.Create.",
                nameof(clients));
        }

        var duplicate = Clients
            .GroupBy(client => (client.Platform.Name, client.Name))
            .FirstOrDefault(same => same.Count() > 1);
        if (duplicate is not null)
        {
            throw new ArgumentException(
                $"Two clients on {duplicate.First().Platform.Title} are both named \"{duplicate.Key.Item2}\", so a task would not show "
                + "which of them created it. Give them different names, with AddSora2(name, …) or new Sora2Client(name, …).",
                nameof(clients));
        }
    }

    /// <summary>The clients, in order of preference.</summary>
    public IReadOnlyList<ISora2Client> Clients { get; }

    /// <summary>Returns one line with the clients' platforms and names.</summary>
    public override string ToString()
    {
        var names = Clients.Select(client => client.Name.Length == 0 ? client.Platform.Name : $"{client.Platform.Name} \"{client.Name}\"");
        return $"Sora2Router ({LogSanitizer.SingleLine(string.Join(", ", names))})";
    }

    /// <summary>Creates a video task on the first client that can make it and accepts it. <b>Costs money</b>, once.</summary>
    /// <remarks>The next client is tried only if the one before refused the request or certainly did not receive it.</remarks>
    /// <param name="request">
    /// The video to make. If several clients can make it, an image from a stream that cannot seek is first read into memory.
    /// </param>
    /// <param name="cancellationToken">
    /// A token to cancel the operation. If the request was already sent, the task may still be accepted and charged.
    /// </param>
    /// <returns>The accepted task, with its id and the <see cref="VideoTask.Client"/> that created it.</returns>
    /// <exception cref="Sora2ValidationException">
    /// No client can make the request; the message has the reason of each, and nothing was sent.
    /// </exception>
    /// <exception cref="Sora2ApiException">
    /// All clients that can make the request refused it or could not be reached, or one refused the request itself; nothing was charged.
    /// The message and the inner exceptions have the reason of each.
    /// </exception>
    /// <exception cref="SubmissionUnknownException">
    /// The request was sent and its outcome is unknown: it may have been charged, and no other client was tried.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// The token was canceled; a <see cref="SubmissionCanceledException"/> if the request may have been sent.
    /// </exception>
    public Task<VideoTask> CreateAsync(VideoRequest request, CancellationToken cancellationToken = default) =>
        SubmitAsync(request, (client, copy) => client.Videos.CreateAsync(copy, cancellationToken), cancellationToken);

    /// <summary>
    /// Creates a task for one video from a storyboard on the first client that can make it and accepts it. <b>Costs money</b>, once.
    /// </summary>
    /// <param name="storyboard">
    /// The shots. If several clients can make it, an image from a stream that cannot seek is first read into memory.
    /// </param>
    /// <param name="cancellationToken">
    /// A token to cancel the operation. If the request was already sent, the task may still be accepted and charged.
    /// </param>
    /// <inheritdoc cref="CreateAsync(VideoRequest, CancellationToken)"/>
    public async Task<VideoTask> CreateAsync(Storyboard storyboard, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(storyboard);
        var routes = Route.Find(
            Clients,
            storyboard.Model,
            (client, model) => client.Storyboards.Validate(storyboard with { Model = model }));
        var images = await BufferedImages.ReadAsync(storyboard.AllImages, routes, cancellationToken).ConfigureAwait(false);
        var copy = storyboard with
        {
            Shots = [.. storyboard.Shots.Select(shot => shot with { Images = images.Replace(shot.Images) })],
            ReferenceImages = images.Replace(storyboard.ReferenceImages),
        };
        return await SubmitToFirstAsync(
            routes,
            route => route.Client.Storyboards.CreateAsync(copy with { Model = route.Model }, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>
    /// Creates a video task like <see cref="CreateAsync(VideoRequest, CancellationToken)"/> and waits for it. <b>Costs money</b>, once.
    /// </summary>
    /// <remarks>
    /// No other client is tried once the task was accepted: every later error carries the task's id and the
    /// <see cref="Sora2Exception.Client"/>.
    /// </remarks>
    /// <param name="request">
    /// The video to make. If several clients can make it, an image from a stream that cannot seek is first read into memory.
    /// </param>
    /// <param name="options">The poll interval and timeout; <see langword="null"/> for the client's.</param>
    /// <param name="progress">Receives the accepted task, then the response to every poll.</param>
    /// <param name="cancellationToken">
    /// A token to cancel the operation. An accepted task continues on the platform; if the create was already sent, the task may still be
    /// accepted and charged.
    /// </param>
    /// <returns>The finished task, with its link.</returns>
    /// <exception cref="Sora2ValidationException">
    /// No client can make the request, or an option value is out of range; nothing was sent.
    /// </exception>
    /// <exception cref="Sora2ApiException">
    /// All clients that can make the request refused it or could not be reached, or one refused the request itself; or a poll failed, and
    /// the exception has the task's id.
    /// </exception>
    /// <exception cref="SubmissionUnknownException">
    /// The request was sent and its outcome is unknown: it may have been charged, and no other client was tried.
    /// </exception>
    /// <exception cref="VideoTaskFailedException">The task failed on the platform.</exception>
    /// <exception cref="WaitTimeoutException">
    /// The timeout elapsed. Do not create the video again: wait for the task whose id the exception has.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// The token was canceled; a <see cref="SubmissionCanceledException"/> if the create may have been sent, a
    /// <see cref="WaitCanceledException"/> with the task's id once it was accepted.
    /// </exception>
    public Task<VideoTask> GenerateAsync(
        VideoRequest request,
        WaitOptions? options = null,
        IProgress<VideoTask>? progress = null,
        CancellationToken cancellationToken = default) =>
        SubmitAsync(request, (client, copy) => client.Videos.GenerateAsync(copy, options, progress, cancellationToken), cancellationToken);

    /// <summary>
    /// Gets the current state of a task from the client that created it; see <see cref="IVideoClient.GetAsync"/>. Free of charge.
    /// </summary>
    /// <param name="task">The task; only its platform, client and id are used.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The task as the platform reports it, also if it failed.</returns>
    /// <exception cref="Sora2ValidationException">The router does not have the client that created the task.</exception>
    /// <inheritdoc cref="IVideoClient.GetAsync" path="/exception"/>
    public async Task<VideoTask> GetAsync(VideoTask task, CancellationToken cancellationToken = default) =>
        await FindClient(task).Videos.GetAsync(task.Id, cancellationToken).ConfigureAwait(false);

    /// <summary>Waits for a task with the client that created it; see <see cref="IVideoClient.WaitAsync"/>. Free of charge.</summary>
    /// <param name="task">The task; only its platform, client and id are used.</param>
    /// <param name="options">The poll interval and timeout; <see langword="null"/> for the client's.</param>
    /// <param name="progress">Receives the response to every poll; the percentage never falls.</param>
    /// <param name="cancellationToken">A token to stop waiting. The task continues on the platform.</param>
    /// <returns>The finished task, with its link.</returns>
    /// <exception cref="Sora2ValidationException">
    /// The router does not have the client that created the task, or an option value is out of range.
    /// </exception>
    /// <inheritdoc cref="IVideoClient.WaitAsync" path="/exception"/>
    public async Task<VideoTask> WaitAsync(
        VideoTask task,
        WaitOptions? options = null,
        IProgress<VideoTask>? progress = null,
        CancellationToken cancellationToken = default) =>
        await FindClient(task).Videos.WaitAsync(task.Id, options, progress, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Yields the states of a task from the client that created it; see <see cref="IVideoClient.WatchAsync"/>. Free of charge.
    /// </summary>
    /// <param name="task">The task; only its platform, client and id are used.</param>
    /// <param name="options">The poll interval and timeout; <see langword="null"/> for the client's.</param>
    /// <param name="cancellationToken">A token to stop watching. The task continues on the platform.</param>
    /// <returns>One element for each poll, the last one final.</returns>
    /// <exception cref="Sora2ValidationException">
    /// The router does not have the client that created the task, or an option value is out of range.
    /// </exception>
    /// <inheritdoc cref="IVideoClient.WatchAsync" path="/exception"/>
    public IAsyncEnumerable<VideoTask> WatchAsync(
        VideoTask task,
        WaitOptions? options = null,
        CancellationToken cancellationToken = default) =>
        FindClient(task).Videos.WatchAsync(task.Id, options, cancellationToken);

    /// <summary>Downloads a finished video to a file with the client that created it. Free of charge.</summary>
    /// <param name="task">A task with a <see cref="VideoTask.VideoUrl"/>.</param>
    /// <param name="path">The file to write, or a directory.</param>
    /// <param name="options">How to download; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Receives the bytes downloaded so far, at most ten times a second.</param>
    /// <param name="cancellationToken">A token to stop the download. The next call continues it.</param>
    /// <exception cref="Sora2ValidationException">The router does not have the client that created the task.</exception>
    /// <inheritdoc cref="IVideoClient.DownloadAsync(VideoTask, string, DownloadOptions, IProgress{DownloadProgress}, CancellationToken)"/>
    public async Task<DownloadedVideo> DownloadAsync(
        VideoTask task,
        string path,
        DownloadOptions? options = null,
        IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        await FindClient(task).Videos.DownloadAsync(task, path, options, progress, cancellationToken).ConfigureAwait(false);

    /// <summary>Downloads a finished video to a stream with the client that created it. Free of charge.</summary>
    /// <param name="task">A task with a <see cref="VideoTask.VideoUrl"/>.</param>
    /// <param name="destination">The stream to write to, from its current position; it stays open.</param>
    /// <param name="options">How to download; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Receives the bytes downloaded so far, at most ten times a second.</param>
    /// <param name="cancellationToken">A token to stop the download.</param>
    /// <exception cref="Sora2ValidationException">The router does not have the client that created the task.</exception>
    /// <inheritdoc cref="IVideoClient.DownloadAsync(VideoTask, Stream, DownloadOptions, IProgress{DownloadProgress}, CancellationToken)"/>
    public async Task<DownloadedVideo> DownloadAsync(
        VideoTask task,
        Stream destination,
        DownloadOptions? options = null,
        IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        await FindClient(task).Videos.DownloadAsync(task, destination, options, progress, cancellationToken).ConfigureAwait(false);

    /// <summary>Returns the client that created a task.</summary>
    /// <param name="task">The task; only its platform and client are used.</param>
    /// <returns>The client.</returns>
    /// <exception cref="Sora2ValidationException">The router does not have this client.</exception>
    public ISora2Client FindClient(VideoTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return FindClient(task.Platform, task.Client);
    }

    /// <summary>Returns a client by platform and name, for a task that an earlier process created.</summary>
    /// <remarks>
    /// Store <see cref="VideoTask.Platform"/> and <see cref="VideoTask.Client"/> with the task's id. The router cannot try one client
    /// after the other: an account responds to an unknown task as it does to one that it does not list yet.
    /// </remarks>
    /// <param name="platform">The platform's <see cref="Sora2Platform.Name"/>.</param>
    /// <param name="name">The client's <see cref="ISora2Client.Name"/>; may be empty if the router has one client on the platform.</param>
    /// <returns>The client.</returns>
    /// <exception cref="Sora2ValidationException">The router does not have this client.</exception>
    /// <example>
    /// <code>
    /// var finished = await router.FindClient("juxin", "cheap").Videos.WaitAsync("video_7b1b817c");
    /// </code>
    /// </example>
    public ISora2Client FindClient(string platform, string name = "")
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(name);
        var candidates = Clients.Where(client => string.Equals(client.Platform.Name, platform, StringComparison.Ordinal)).ToList();
        return candidates.Find(client => client.Name == name)
            ?? (name.Length == 0 && candidates.Count == 1 ? candidates[0] : null)
            ?? throw new Sora2ValidationException(
                $"No client of this router is named \"{name}\" on {Sora2Platform.TitleOf(platform)}; "
                + $"it has {string.Join(", ", Clients.Select(Route.GetTitle))}. "
                + "Pass the platform and the client of the task, or add that client to the router.");
    }

    private async Task<VideoTask> SubmitAsync(
        VideoRequest request,
        Func<ISora2Client, VideoRequest, Task<VideoTask>> submit,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var routes = Route.Find(Clients, request.Model, (client, model) => client.Videos.Validate(request with { Model = model }));
        var images = await BufferedImages.ReadAsync(request.Images, routes, cancellationToken).ConfigureAwait(false);
        return await SubmitToFirstAsync(
            routes,
            route => submit(route.Client, request with { Model = route.Model, Images = images.Replace(request.Images) }))
            .ConfigureAwait(false);
    }

    private static async Task<VideoTask> SubmitToFirstAsync(IReadOnlyList<Route> routes, Func<Route, Task<VideoTask>> submit)
    {
        var refusals = new List<Sora2ApiException>();
        foreach (var route in routes)
        {
            try
            {
                return await submit(route).ConfigureAwait(false);
            }
            catch (Sora2ApiException e) when (routes.Count > 1 && MayTryNext(e))
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

        throw AllRefused(routes, refusals);
    }

    /// <summary>Returns whether a create was certainly not accepted, for a reason that another account may not have.</summary>
    /// <remarks>
    /// A refusal of the request itself is left to the caller: another platform might accept the request and charge for it.
    /// </remarks>
    private static bool MayTryNext(Sora2ApiException e) => e.MayHaveBeenCharged == false
        && e.Kind is not (Sora2ErrorKind.InvalidRequest or Sora2ErrorKind.InputModeration or Sora2ErrorKind.OutputModeration
            or Sora2ErrorKind.TaskNotFound or Sora2ErrorKind.Stopping);

    private static Sora2ApiException AllRefused(IReadOnlyList<Route> routes, List<Sora2ApiException> refusals)
    {
        // The same call may succeed later if one of the refusals is transient, so that one determines the kind of the error.
        var main = refusals.Find(refusal => refusal.IsTransient) ?? refusals[^1];
        var reasons = routes.Zip(
            refusals,
            (route, refusal) => $"{Route.GetTitle(route.Client)}: {MessageText.EnsurePeriod(refusal.Message)}");
        return new Sora2ApiException(
            main.Kind,
            $"None of {routes.Count} clients accepted the request; nothing was charged. {string.Join(' ', reasons)}",
            new AggregateException(refusals))
        {
            IsTransient = main.IsTransient,
            MayHaveBeenCharged = false,
            Platform = main.Platform,
            Client = main.Client,
            RequestId = main.RequestId,
            Request = main.Request,
            Attempts = refusals.Sum(refusal => refusal.Attempts),
            StatusCode = main.StatusCode,
            RetryAfter = main.RetryAfter,
            RawBody = main.RawBody,
        };
    }
}
