using System.Globalization;

namespace Sora2.Sdk.Tests.Support;

/// <summary>Sets the language of texts for people until it is disposed.</summary>
internal sealed class UICulture : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentUICulture;

    private UICulture(string name) => CultureInfo.CurrentUICulture = new NamedCulture(name);

    public static UICulture Set(string name) => new(name);

    public void Dispose() => CultureInfo.CurrentUICulture = _before;
}
