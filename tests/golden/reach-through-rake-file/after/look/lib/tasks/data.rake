namespace :data do
  task :send do
    sh "report --all"
  end
end
