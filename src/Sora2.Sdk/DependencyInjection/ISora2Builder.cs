namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Configures one client that <c>AddSora2</c> registered; see <see cref="Sora2BuilderExtensions"/>.</summary>
public interface ISora2Builder
{
    /// <summary>The client's name; empty for the default one.</summary>
    string Name { get; }

    /// <summary>The collection that the client is registered in.</summary>
    IServiceCollection Services { get; }
}
