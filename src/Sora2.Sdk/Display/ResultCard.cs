using System.Globalization;
using System.Xml.Linq;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Display;

/// <summary>Formats results as HTML, for LINQPad and notebooks: well-formed, without scripts, legible on light and dark pages.</summary>
/// <remarks>
/// Ids, reasons and links come from the platform and are not trusted: the XML writer escapes text and attributes, and only http and https
/// addresses become links.
/// </remarks>
internal static class ResultCard
{
    private const int LongText = 500;

    // Half-transparent greys and the page's own text colour are legible on any background, as is white text on the colours below.
    private const string Card = "font:13px/1.5 'Segoe UI',system-ui,sans-serif;max-width:480px;margin:4px 0;padding:10px 12px;"
        + "border:1px solid rgba(128,128,128,.4);border-radius:8px;overflow-wrap:anywhere;text-align:left;white-space:normal";
    private const string Inner = "margin-top:8px;padding-top:8px;border-top:1px solid rgba(128,128,128,.4)";
    private const string Quiet = "opacity:.75";
    private const string Media = "display:block;max-width:100%;max-height:320px;margin:8px 0 2px;border-radius:4px;background:#000";
    private const string Code = "font-family:Consolas,ui-monospace,monospace;font-size:12px;background:none;color:inherit;padding:0";
    private const string Green = "#1a7f37";
    private const string Blue = "#0969da";
    private const string Red = "#cf222e";
    private const string Amber = "#9a6700";
    private const string Grey = "#6e7781";

    /// <summary>Returns a value as HTML; one that has no card of its own as its <c>ToString()</c>.</summary>
    public static string Format(object value) =>
        (Content(value) is { } content ? Div(Card, content) : Span("", value.ToString())).ToString(SaveOptions.DisableFormatting);

    private static IEnumerable<object?>? Content(object value) => value switch
    {
        VideoTask task => Task(task),
        DownloadedVideo video => File(video),
        Character character =>
            Character(character.Mention, character.DisplayName, alias: null, character.ProfilePictureUrl, character.Permalink),
        LibraryCharacter character =>
            Character(character.Mention, character.DisplayName, character.Alias, character.ProfilePictureUrl, character.Permalink),
        BatchItem item => Item(item),
        Storyboard storyboard => Storyboard(storyboard),
        _ => null,
    };

    private static IEnumerable<object?> Task(VideoTask task)
    {
        yield return Div(
            "",
            Badge(task.Status.ToString(), ColourOf(task.Status)),
            Span(Quiet, $" {DisplayFormat.Join(task.PlatformName, task.ClientName, task.Model)}"));
        yield return Div("", Mono(task.Id));
        if (task.FailureReason is { } reason)
        {
            yield return Problem(reason);
        }

        if (!task.IsFinal)
        {
            yield return Progress(task);
        }

        yield return IsWeb(task.VideoUrl)
            ? Video(task.VideoUrl!.AbsoluteUri, IsWeb(task.ThumbnailUrl) ? task.ThumbnailUrl : null)
            : IsWeb(task.ThumbnailUrl) ? Picture(task.ThumbnailUrl!, Media)
            : null;
        yield return Links(("video", task.VideoUrl), ("picture", task.ThumbnailUrl));
        yield return Times(task);
    }

    // Not <progress>, whose track is white even on dark pages.
    private static XElement? Progress(VideoTask task)
    {
        if (task.Progress is not { } progress)
        {
            return task.RawStatus is { } status ? Div(Quiet, Text(status)) : null;
        }

        var percent = Math.Clamp(double.IsNaN(progress) ? 0 : progress, 0, 100).ToString("0.#", CultureInfo.InvariantCulture);
        return Div(
            "display:flex;align-items:center;gap:8px",
            new XElement(
                "div",
                new XAttribute("role", "progressbar"),
                new XAttribute("aria-valuenow", percent),
                Style("flex:1;height:6px;border-radius:3px;background:rgba(128,128,128,.35);overflow:hidden"),
                Div($"width:{percent}%;height:100%;background:{Blue}")),
            Span(Quiet, percent + " %"));
    }

    private static XElement? Times(VideoTask task) =>
        task is { CreatedAt: { } created, CompletedAt: { } completed } && completed >= created
            ? Div(Quiet, $"took {TimeSpan.FromSeconds(Math.Round((completed - created).TotalSeconds)):c}, ended at {Utc(completed)}")
            : task.CreatedAt is { } accepted ? Div(Quiet, $"accepted at {Utc(accepted)}")
            : null;

    private static string Utc(DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");

    private static IEnumerable<object?> File(DownloadedVideo video)
    {
        // Only a fully qualified path becomes a link; anything else in the record stays text. Some odd paths, such as "/X:<", give an
        // address that is not valid.
        var file = video.Path is { } path
            && Path.IsPathFullyQualified(path)
            && Uri.TryCreate(path, UriKind.Absolute, out var address)
            && Uri.TryCreate(address.AbsoluteUri, UriKind.Absolute, out var link)
            && link.IsFile ? link.AbsoluteUri : null;
        yield return Div(
            "",
            Badge("Downloaded", Green),
            Span(Quiet, $" {DisplayFormat.Join(DisplayFormat.Size(video.Length), video.ContentType)}"));
        yield return file is null ? null : Video(file, poster: null);
        yield return Div("", file is null ? Span(Quiet, "written to a stream") : Link(file, video.Path!));
        yield return Div(Quiet, "of task ", Mono(video.TaskId));
        yield return video.Sha256 is null ? null : Div(Quiet, "SHA-256 ", Mono(video.Sha256));
    }

    private static IEnumerable<object?> Character(string mention, string? name, string? alias, Uri? picture, Uri? page)
    {
        yield return Div(
            "display:flex;align-items:center;gap:12px",
            IsWeb(picture)
                ? Picture(picture!, "width:64px;height:64px;border-radius:50%;object-fit:cover;background:rgba(128,128,128,.3)")
                : null,
            Div(
                "",
                (alias ?? name) is { } title ? Div("font-weight:600", Text(title)) : null,
                Div("", Mono(mention)),
                alias is null || name is null ? null : Div(Quiet, Text(name)),
                Links(("page", page))));
    }

    private static IEnumerable<object?> Item(BatchItem item)
    {
        yield return Div(
            "",
            Badge(item.State.ToString(), ColourOf(item.State)),
            Span("font-weight:600", FormattableString.Invariant($" #{item.Index} ") + item.Request?.Key));
        yield return item.Request is null ? null : Div(Quiet, Text(LogSanitizer.Quoted(item.Request.GetPrompt())));
        if (item.Error is { } error)
        {
            // A failed task shows the same reason in its own card.
            yield return item.VideoTask?.FailureReason is null ? Problem(error.Message) : null;
            yield return (error as Sora2Exception)?.MayHaveBeenCharged is { } charged
                ? Div(Quiet, charged ? "It may have been charged." : "It was not charged.")
                : null;
        }

        yield return item.Video is { } video ? Div(Inner, File(video))
            : item.VideoTask is { } task ? Div(Inner, Task(task))
            : item.TaskId is { } id ? Div("", Mono(id))
            : null;
    }

    private static IEnumerable<object?> Storyboard(Storyboard storyboard)
    {
        const string Cell = "padding:2px 10px 2px 0;vertical-align:top;border:0;background:none;color:inherit;text-align:left";
        yield return Div("", Badge("Storyboard", Grey), Span(Quiet, " " + DisplayFormat.Join(
            DisplayFormat.Count(storyboard.Shots.Count, "shot"),
            DisplayFormat.Duration(storyboard.TotalDuration),
            storyboard.AspectRatio?.ToString(),
            storyboard.Model,
            storyboard.HighDefinition == true ? "HD" : null,
            DisplayFormat.CountOrNull(storyboard.AllImages.Count, "image"))));
        yield return new XElement(
            "table",
            Style("border-collapse:collapse;margin-top:6px;font:inherit;border:0;background:none"),
            new XElement("tbody", storyboard.Shots.Select((shot, index) => new XElement(
                "tr",
                Style("background:none"),
                new XElement("td", Style($"{Cell};{Quiet}"), FormattableString.Invariant($"{index + 1}")),
                new XElement("td", Style($"{Cell};white-space:nowrap"), DisplayFormat.Duration(shot.Duration)),
                new XElement(
                    "td",
                    Style(Cell),
                    Text(shot.Scene),
                    shot.Images.Count == 0 ? null : Span(Quiet, $" ({DisplayFormat.Count(shot.Images.Count, "image")})"))))));
    }

    private static string ColourOf(VideoTaskStatus status) => status switch
    {
        VideoTaskStatus.Succeeded => Green,
        VideoTaskStatus.Failed => Red,
        VideoTaskStatus.InProgress => Blue,
        _ => Grey,
    };

    private static string ColourOf(BatchItemState state) => state switch
    {
        BatchItemState.Succeeded => Green,
        BatchItemState.Failed => Red,
        BatchItemState.Running => Blue,
        BatchItemState.SubmissionUnknown or BatchItemState.DownloadFailed or BatchItemState.Unfinished => Amber,
        _ => Grey,
    };

    private static bool IsWeb(Uri? address) => address is not null && UriExtensions.IsHttp(address);

    private static XElement Video(string address, Uri? poster) => new(
        "video",
        new XAttribute("src", address),
        new XAttribute("controls", "controls"),
        new XAttribute("preload", "metadata"),
        poster is null ? null : new XAttribute("poster", poster.AbsoluteUri),
        Style(Media),
        "");

    private static XElement Picture(Uri address, string style) => new(
        "img",
        new XAttribute("src", address.AbsoluteUri),
        new XAttribute("alt", ""),
        new XAttribute("referrerpolicy", "no-referrer"),
        Style(style));

    // The text is the address without its query, which is the signature; the link needs the query.
    private static XElement? Links(params IEnumerable<(string Name, Uri? Address)> links)
    {
        var shown = links.Where(link => IsWeb(link.Address)).ToList();
        return shown.Count == 0 ? null : Div("", shown.Select(link => Div(
            "",
            Span(Quiet, link.Name + " "),
            Link(link.Address!.AbsoluteUri, LogSanitizer.SingleLine(link.Address)))));
    }

    private static XElement Link(string address, string text) => new(
        "a",
        new XAttribute("href", address),
        new XAttribute("target", "_blank"),
        new XAttribute("rel", "noopener noreferrer"),
        Style("color:inherit;word-break:break-all"),
        Text(text));

    private static XElement Problem(string text) => Div($"margin:6px 0;padding:2px 10px;border-left:3px solid {Red}", Text(text));

    private static XElement Badge(string text, string colour) =>
        Span($"display:inline-block;padding:0 8px;border-radius:10px;background:{colour};color:#fff;font-size:12px;font-weight:600", text);

    private static XElement Mono(string text) => new("code", Style(Code), Text(text));

    private static XElement Span(string style, string? text) => new("span", style.Length == 0 ? null : Style(style), Text(text));

    // The empty text prevents <div/>, which HTML reads as an opening tag; <video> needs the same.
    private static XElement Div(string style, params object?[] content) => new("div", style.Length == 0 ? null : Style(style), content, "");

    private static XAttribute Style(string style) => new("style", style);

    private static string Text(string? text) => LogSanitizer.SingleLine(text, LongText);
}
