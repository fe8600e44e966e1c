namespace Sora2.Sdk.Simulator;

/// <content>What goes wrong on the media host only.</content>
public sealed partial record SimulatorFault
{
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

    /// <summary>A range is asked for and 206 brings the file from its start, with a <c>Content-Range</c> that says so.</summary>
    public static SimulatorFault WrongRange() => new(nameof(WrongRange)) { TakesRequest = true, Ranges = RangeTreatment.FromTheStart };
}
