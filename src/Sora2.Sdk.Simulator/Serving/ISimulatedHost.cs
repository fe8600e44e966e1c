namespace Sora2.Sdk.Simulator.Serving;

/// <summary>One simulated host.</summary>
internal interface ISimulatedHost
{
    string Name { get; }

    /// <summary>The response header that contains the id of the request.</summary>
    string RequestIdHeader { get; }

    /// <summary>Determines the operation that a request asks for, without validating it.</summary>
    SimulatorOperation Recognise(ReceivedRequest request);

    SimulatedResponse Handle(ReceivedRequest request, SimulatorOperation operation);
}
