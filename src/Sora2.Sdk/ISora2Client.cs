namespace Sora2.Sdk;

/// <summary>One account on a relay platform, or several behind a <see cref="Sora2Router"/>.</summary>
/// <remarks>Thread-safe; create one and keep it as long as the application runs. New members will have a default implementation.</remarks>
public interface ISora2Client
{
    /// <summary>The name with which the client was registered or created.</summary>
    /// <value>Empty for the default client.</value>
    /// <remarks>Its tasks have it as <see cref="VideoTask.ClientName"/>.</remarks>
    string Name { get; }

    /// <summary>The <see cref="Sora2Platform.Name"/> of the platform.</summary>
    /// <value>Empty for a router, which may have several.</value>
    string PlatformName => "";

    /// <summary>The models whose limits are known; the first is the default. Any other name can be requested as well.</summary>
    IReadOnlyList<VideoModel> Models { get; }

    /// <summary>Creates videos, waits for them and downloads them.</summary>
    IVideoClient Videos { get; }

    /// <summary>Creates characters that prompts can mention.</summary>
    ICharacterClient Characters { get; }

    /// <summary>Lists models, reads the balance, and checks host, key and path. Free of charge.</summary>
    IAccountClient Account { get; }
}
