namespace Sora2.Sdk.Simulator;

/// <summary>How the media host treats a request for a range.</summary>
internal enum RangeTreatment
{
    Honoured,
    Ignored,
    FromTheStart,
    Mislabelled,
    Refused,
}
