namespace Sora2.Sdk.Simulator;

/// <content>What goes wrong with files only: on the media host, or where a platform serves videos itself.</content>
public sealed partial record SimulatorFault
{
    private const string ETag = "ETag";
    private const string LastModified = "Last-Modified";

    /// <summary>200 with a body that is not what its type says, as from a store that answers with an error page.</summary>
    /// <param name="body">The body.</param>
    /// <param name="contentType">The type it is sent as.</param>
    public static SimulatorFault WrongContent(string body = """{"error":{"message":"NoSuchKey"}}""", string contentType = "video/mp4")
    {
        ArgumentNullException.ThrowIfNull(body);
        return Answering(nameof(WrongContent), 200, _ => Answer.Text(200, contentType, body));
    }

    /// <summary>The link has expired.</summary>
    /// <param name="statusCode">403, 404 or 410.</param>
    public static SimulatorFault Expired(int statusCode = 403) =>
        Answering(Numbered(nameof(Expired), statusCode), statusCode, _ => MediaSite.Refuse(statusCode, "AccessDenied", "Request has expired"));

    /// <summary>A range is asked for and the whole file is sent with 200.</summary>
    public static SimulatorFault IgnoreRange() => new(nameof(IgnoreRange)) { TakesRequest = true, Ranges = RangeTreatment.Ignored };

    /// <summary>416 to a request for a range, whatever range it is.</summary>
    public static SimulatorFault RangeNotSatisfiable() => new(nameof(RangeNotSatisfiable)) { TakesRequest = true, Ranges = RangeTreatment.Refused };

    /// <summary>A range is asked for and 206 brings the file from its start under the <c>Content-Range</c> that was asked for: only the content shows the lie.</summary>
    public static SimulatorFault MislabelledRange() => new(nameof(MislabelledRange)) { TakesRequest = true, Ranges = RangeTreatment.Mislabelled };

    /// <summary>
    /// From this request on the task's video is another file: its <c>ETag</c>, its <c>Last-Modified</c> and its filler change, its size stays (without
    /// <see cref="Sora2SimulatorOptions.MinimumVideoBytes"/> the first change adds 16 bytes). <c>If-Range</c> with what stood before brings the whole new file.
    /// </summary>
    public static SimulatorFault ChangedFile() => new(nameof(ChangedFile)) { TakesRequest = true, ChangesFile = true };

    /// <summary>Neither <c>ETag</c> nor <c>Last-Modified</c>.</summary>
    public static SimulatorFault WithoutValidator() =>
        new(nameof(WithoutValidator)) { TakesRequest = true, Rewrite = usual => usual.Without(ETag).Without(LastModified) };

    /// <summary>A weak <c>ETag</c>, as <c>W/"…"</c>, and no <c>Last-Modified</c>. <c>If-Range</c> with it brings the whole file, as the standard wants.</summary>
    public static SimulatorFault WeakValidator() => new(nameof(WeakValidator)) { TakesRequest = true, Rewrite = usual => Weaken(usual.Without(LastModified)) };

    /// <summary><c>Last-Modified</c> and no <c>ETag</c>.</summary>
    public static SimulatorFault LastModifiedOnly() => new(nameof(LastModifiedOnly)) { TakesRequest = true, Rewrite = usual => usual.Without(ETag) };

    /// <summary>A range is asked for and 206 brings the file from its start, with a <c>Content-Range</c> that says so.</summary>
    public static SimulatorFault WrongRange() => new(nameof(WrongRange)) { TakesRequest = true, Ranges = RangeTreatment.FromTheStart };

    private static Answer Weaken(Answer usual) =>
        usual with { Headers = [.. usual.Headers.Select(header => header.Key == ETag ? new(header.Key, $"W/{header.Value}") : header)] };
}
