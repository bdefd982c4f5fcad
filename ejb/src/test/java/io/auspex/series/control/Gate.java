package io.auspex.series.control;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** The way of one node to PostgreSQL, which can be cut: to it as if the network had, to PostgreSQL as if it was killed. */
final class Gate implements DataSource {
    private final DataSource database;
    private final Queue<Connection> connections = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    Gate(DataSource database) {
        this.database = database;
    }

    void cut() throws SQLException {
        closed = true;
        for (Connection connection : connections) {
            connection.abort(Runnable::run);
        }
    }

    void mend() {
        closed = false;
    }

    @Override
    public Connection getConnection() throws SQLException {
        connections.removeIf(Gate::isClosed);
        Connection connection = database.getConnection();
        connections.add(connection);
        if (closed) {
            connection.close();
            throw new SQLException("cut", "08006");
        }
        return connection;
    }

    private static boolean isClosed(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return database.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        database.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        database.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return database.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return database.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return database.isWrapperFor(type);
    }
}
