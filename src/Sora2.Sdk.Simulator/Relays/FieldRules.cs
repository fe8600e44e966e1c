namespace Sora2.Sdk.Simulator.Relays;

/// <summary>How strictly the fields of a request are validated.</summary>
internal enum FieldRules
{
    /// <summary>Only what the SDK should send.</summary>
    Strict,

    /// <summary>What other clients for Sora send: everything that the platforms are not known to reject.</summary>
    Lenient,

    /// <summary>For another model, to which Sora's rules about lengths, orientations and images do not apply.</summary>
    Unrestricted,
}
