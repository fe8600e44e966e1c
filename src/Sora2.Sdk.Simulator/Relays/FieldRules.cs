namespace Sora2.Sdk.Simulator;

/// <summary>How closely the fields of a request are looked at.</summary>
internal enum FieldRules
{
    /// <summary>As the SDK should send them.</summary>
    Strict,

    /// <summary>As Sora's clients in the wild send them: what nobody has seen refused is taken.</summary>
    Lenient,

    /// <summary>For another model: Sora's rules about lengths, frames and images mean nothing to it.</summary>
    Free,
}
