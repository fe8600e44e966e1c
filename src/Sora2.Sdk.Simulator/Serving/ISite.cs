namespace Sora2.Sdk.Simulator;

/// <summary>One simulated host.</summary>
internal interface ISite
{
    string Name { get; }

    /// <summary>The response header that carries the id of the request.</summary>
    string RequestIdHeader { get; }

    /// <summary>What the request asks for; no judgement yet.</summary>
    SimulatorOperation Recognise(ReceivedRequest request);

    Answer Handle(ReceivedRequest request, SimulatorOperation operation);
}
