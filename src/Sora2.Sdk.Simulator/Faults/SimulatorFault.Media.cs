using Sora2.Sdk.Simulator.Faults;
using Sora2.Sdk.Simulator.Media;
using Sora2.Sdk.Simulator.Serving;

namespace Sora2.Sdk.Simulator;

/// <content>Faults of files: on the media host, or where a platform serves videos itself.</content>
public sealed partial record SimulatorFault
{
    private const string ETag = "ETag";
    private const string LastModified = "Last-Modified";

    /// <summary>Responds 200 with a body that does not match its content type, as a store that returns an error page does.</summary>
    /// <param name="body">The body.</param>
    /// <param name="contentType">The content type to send.</param>
    public static SimulatorFault WrongContent(string body = """{"error":{"message":"NoSuchKey"}}""", string contentType = "video/mp4")
    {
        ArgumentNullException.ThrowIfNull(body);
        return RespondWith(nameof(WrongContent), 200, _ => SimulatedResponse.Text(200, contentType, body));
    }

    /// <summary>Responds that the link has expired.</summary>
    /// <param name="statusCode">403, 404 or 410.</param>
    public static SimulatorFault Expired(int statusCode = 403) => RespondWith(
        Numbered(nameof(Expired), statusCode),
        statusCode,
        _ => MediaHost.Refuse(statusCode, "AccessDenied", "Request has expired"));

    /// <summary>Responds to a range request with 200 and the complete file.</summary>
    public static SimulatorFault IgnoreRange() =>
        new(nameof(IgnoreRange)) { ProcessesRequest = true, Ranges = RangeTreatment.Ignored };

    /// <summary>Responds 416 to a range request, whatever the range.</summary>
    public static SimulatorFault RangeNotSatisfiable() =>
        new(nameof(RangeNotSatisfiable)) { ProcessesRequest = true, Ranges = RangeTreatment.Refused };

    /// <summary>Responds to a range request with 206 and the start of the file, under the requested <c>Content-Range</c>.</summary>
    /// <remarks>Only the content shows the error.</remarks>
    public static SimulatorFault MislabelledRange() =>
        new(nameof(MislabelledRange)) { ProcessesRequest = true, Ranges = RangeTreatment.Mislabelled };

    /// <summary>Replaces the task's video with another file, starting with this request.</summary>
    /// <remarks>
    /// Its <c>ETag</c>, <c>Last-Modified</c> and padding change, and its size stays the same; without
    /// <see cref="Sora2SimulatorOptions.MinimumVideoBytes"/> the first change adds 16 bytes. <c>If-Range</c> with a previous value returns
    /// the complete new file.
    /// </remarks>
    public static SimulatorFault ChangedFile() => new(nameof(ChangedFile)) { ProcessesRequest = true, ReplacesFile = true };

    /// <summary>Omits <c>ETag</c> and <c>Last-Modified</c>.</summary>
    public static SimulatorFault WithoutValidator() =>
        new(nameof(WithoutValidator)) { ProcessesRequest = true, Transform = usual => usual.Without(ETag).Without(LastModified) };

    /// <summary>Sends a weak <c>ETag</c>, as <c>W/"…"</c>, and omits <c>Last-Modified</c>.</summary>
    /// <remarks><c>If-Range</c> with a weak tag returns the complete file, as the standard requires.</remarks>
    public static SimulatorFault WeakValidator() =>
        new(nameof(WeakValidator)) { ProcessesRequest = true, Transform = usual => Weaken(usual.Without(LastModified)) };

    /// <summary>Sends <c>Last-Modified</c> and omits <c>ETag</c>.</summary>
    public static SimulatorFault LastModifiedOnly() =>
        new(nameof(LastModifiedOnly)) { ProcessesRequest = true, Transform = usual => usual.Without(ETag) };

    /// <summary>Responds to a range request with 206 and the start of the file, with a matching <c>Content-Range</c>.</summary>
    public static SimulatorFault WrongRange() =>
        new(nameof(WrongRange)) { ProcessesRequest = true, Ranges = RangeTreatment.FromStart };

    private static SimulatedResponse Weaken(SimulatedResponse usual) => usual with
    {
        Headers = [.. usual.Headers.Select(header => header.Key == ETag ? new(header.Key, $"W/{header.Value}") : header)],
    };
}
