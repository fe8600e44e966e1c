namespace Sora2.Sdk.Simulator.Faults;

/// <summary>How a range request for a file is handled.</summary>
internal enum RangeTreatment
{
    Honoured,
    Ignored,

    /// <summary>The bytes are from the start of the file, and <c>Content-Range</c> says so.</summary>
    FromStart,

    /// <summary>The bytes are from the start of the file under the requested <c>Content-Range</c>.</summary>
    Mislabelled,
    Refused,
}
