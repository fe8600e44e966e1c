namespace Sora2.Sdk.Smoke;

/// <summary>One way to create a client with a task store and a character library in a folder.</summary>
internal interface IClientHost : IAsyncDisposable
{
    ISora2Client Client { get; }

    ITaskStore Store { get; }

    CharacterLibrary Library { get; }
}
