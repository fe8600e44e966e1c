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
/// A task goes back to the client that created it: by its <see cref="VideoTask.Handle"/>, or a bare id by the clients' task stores.
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
/// var task = await router.Videos.GenerateAsync(new VideoRequest("A corgi surfs at sunset") { Duration = TimeSpan.FromSeconds(25) });
/// await router.Videos.DownloadAsync(task, "corgi.mp4");
/// </code>
/// </example>
public sealed class Sora2Router : ISora2Client
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
            .GroupBy(client => (client.PlatformName, client.Name))
            .FirstOrDefault(same => same.Count() > 1);
        if (duplicate is not null)
        {
            throw new ArgumentException(
                $"Two clients on {Sora2Platform.TitleOf(duplicate.Key.PlatformName)} are both named \"{duplicate.Key.Name}\", "
                + "so a task would not show "
                + "which of them created it. Give them different names, with AddSora2(name, …) or new Sora2Client(name, …).",
                nameof(clients));
        }

        Models = [.. Clients.SelectMany(client => client.Models).DistinctBy(model => model.Name, StringComparer.Ordinal)];
        Videos = new RoutedVideoClient(this);
        Characters = new RoutedCharacterClient(this);
        Account = new RoutedAccountClient(this);
    }

    /// <inheritdoc/>
    /// <value>Always empty: the tasks have the names of their clients.</value>
    public string Name => "";

    /// <inheritdoc/>
    public string PlatformName => "";

    /// <summary>The models of all clients whose limits are known, in the clients' order.</summary>
    public IReadOnlyList<VideoModel> Models { get; }

    /// <summary>Creates each video with the first client that can make it and accepts it; all else goes to the task's client.</summary>
    public IVideoClient Videos { get; }

    /// <summary>Creates characters: of a task with the task's client, else with the first one that accepts it.</summary>
    public ICharacterClient Characters { get; }

    /// <summary>Lists the models of all clients, and checks each of them.</summary>
    public IAccountClient Account { get; }

    /// <summary>The clients, in order of preference.</summary>
    public IReadOnlyList<ISora2Client> Clients { get; }

    /// <summary>Returns one line with the clients' platforms and names.</summary>
    public override string ToString()
    {
        var names = Clients.Select(client => client.Name.Length == 0 ? client.PlatformName : $"{client.PlatformName} \"{client.Name}\"");
        return $"Sora2Router ({LogSanitizer.SingleLine(string.Join(", ", names))})";
    }

    /// <summary>Returns the client that created a task.</summary>
    /// <remarks>
    /// The router cannot try one client after the other: an account responds to an unknown task as it does to one that it does not list
    /// yet. <see cref="Videos"/> looks a bare id up in the clients' task stores as well.
    /// </remarks>
    /// <param name="task">The task; its platform and client are used. The name may be empty if one client is on the platform.</param>
    /// <returns>The client.</returns>
    /// <exception cref="Sora2ValidationException">The router does not have this client, or only the id is known.</exception>
    /// <example>
    /// <code>
    /// var client = router.FindClient("sora2:juxin/cheap/video_7b1b817c");
    /// </code>
    /// </example>
    public ISora2Client FindClient(TaskHandle task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return TryFindClient(task) ?? throw (task.PlatformName is null
            ? new Sora2ValidationException(
                $"The id {LogSanitizer.SingleLine(task.Id)} alone does not say which of {Names()} has the task. "
                + "Pass the task or its Handle.")
            : new Sora2ValidationException(
                $"No client of this router is named \"{LogSanitizer.SingleLine(task.ClientName)}\" on "
                + $"{Sora2Platform.TitleOf(task.PlatformName)}; it has {Names()}. Add that client to the router."));
    }

    /// <summary>Returns the client that created a task; a bare id is looked up in the clients' task stores.</summary>
    /// <inheritdoc cref="FindClient" path="/exception"/>
    internal async ValueTask<ISora2Client> FindClientAsync(TaskHandle task, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        TaskIdValidator.Check(task.Id, nameof(task));
        if (task.PlatformName is null && Clients.Count > 1)
        {
            foreach (var client in Clients.OfType<Sora2Client>())
            {
                if (client.TaskStore is { } store
                    && await store.FindAsync(task with { PlatformName = client.PlatformName }, cancellationToken)
                        .ConfigureAwait(false) is { } record
                    && record.ClientName == client.Name)
                {
                    return client;
                }
            }
        }

        return FindClient(task);
    }

    private ISora2Client? TryFindClient(TaskHandle task)
    {
        if (task.PlatformName is null)
        {
            return Clients.Count == 1 ? Clients[0] : null;
        }

        var candidates = Clients.Where(client => string.Equals(client.PlatformName, task.PlatformName, StringComparison.Ordinal)).ToList();
        return candidates.Find(client => client.Name == task.ClientName)
            ?? (string.IsNullOrEmpty(task.ClientName) && candidates.Count == 1 ? candidates[0] : null);
    }

    private string Names() => string.Join(", ", Clients.Select(Route.GetTitle));
}
