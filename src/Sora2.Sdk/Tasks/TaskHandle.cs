using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Sora2.Sdk;

/// <summary>What names a task: its id, and the account that it belongs to if that is known.</summary>
/// <remarks>
/// A <see cref="VideoTask"/> and a string convert to it implicitly. Its text, such as <c>sora2:juxin/cheap/video_7b1b</c>, can be stored
/// and read again; any other string is an id alone, and belongs to the client that it is given to.
/// </remarks>
[JsonConverter(typeof(Sora2JsonConverter))]
public sealed record TaskHandle
{
    private const string Scheme = "sora2:";

    /// <summary>Creates a handle whose <see cref="Id"/> is set in the initializer.</summary>
    public TaskHandle()
    {
    }

    /// <summary>Creates a handle of an id alone.</summary>
    /// <param name="id">The <see cref="Id"/>.</param>
    [SetsRequiredMembers]
    public TaskHandle(string id) => Id = id;

    /// <summary>The <see cref="Sora2Platform.Name"/> of the platform that has the task.</summary>
    /// <value><see langword="null"/> if only the id is known.</value>
    public string? PlatformName { get; init; }

    /// <summary>The <see cref="ISora2Client.Name"/> of the client that created the task.</summary>
    /// <value><see langword="null"/> if only the id is known; empty for a client without a name.</value>
    public string? ClientName { get; init; }

    /// <summary>The task's id on the platform.</summary>
    public required string Id { get; init; }

    /// <summary>Reads the text of a handle; any other text is an id alone.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The handle.</returns>
    public static TaskHandle Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith(Scheme, StringComparison.Ordinal) && text[Scheme.Length..].Split('/') is [var platform, var client, var id]
            && platform.Length > 0 && id.Length > 0
            ? new TaskHandle(Uri.UnescapeDataString(id))
            {
                PlatformName = Uri.UnescapeDataString(platform),
                ClientName = Uri.UnescapeDataString(client),
            }
            : new TaskHandle(text);
    }

    /// <summary>Returns the handle of a task.</summary>
    /// <param name="task">The task.</param>
    [return: NotNullIfNotNull(nameof(task))]
    public static implicit operator TaskHandle?(VideoTask? task) => task?.Handle;

    /// <summary>Reads the text of a handle, or an id.</summary>
    /// <param name="text">The text.</param>
    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator TaskHandle?(string? text) => text is null ? null : Parse(text);

    /// <summary>Returns the text that <see cref="Parse"/> reads: the id alone if nothing else is known.</summary>
    public override string ToString() => PlatformName is null
        ? Id
        : $"{Scheme}{Uri.EscapeDataString(PlatformName)}/{Uri.EscapeDataString(ClientName ?? "")}/{Uri.EscapeDataString(Id)}";
}
