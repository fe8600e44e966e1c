namespace Sora2.Sdk.Smoke;

/// <summary>One way to come by a client that keeps a record and a library in a folder.</summary>
internal interface IClientHost : IAsyncDisposable
{
    ISora2Client Client { get; }

    ITaskStore Store { get; }

    CharacterLibrary Library { get; }
}
