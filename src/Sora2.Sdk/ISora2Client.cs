namespace Sora2.Sdk;

/// <summary>
/// One account on one relay platform. Thread-safe; make one and keep it for as long as the application lives.
/// </summary>
public interface ISora2Client
{
    /// <summary>The name the client was registered or created with; empty for the default one.</summary>
    /// <remarks>Its tasks have it as <see cref="VideoTask.Client"/>.</remarks>
    string Name { get; }

    /// <summary>The platform this client talks to.</summary>
    Sora2Platform Platform { get; }

    /// <summary>Creates videos, asks for them, waits for them and downloads them.</summary>
    IVideoClient Videos { get; }

    /// <summary>Creates videos of several shots.</summary>
    IStoryboardClient Storyboards { get; }

    /// <summary>Creates characters that prompts can mention.</summary>
    ICharacterClient Characters { get; }
}
