using System.Globalization;

namespace Sora2.Sdk.Tests.Support;

/// <summary>A culture that has only its name, as in a process without culture data; the rest is the invariant culture's.</summary>
internal sealed class NamedCulture(string name) : CultureInfo("")
{
    public override string Name => name;
}
